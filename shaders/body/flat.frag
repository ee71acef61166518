#version 330 core
// One colour: the lines of the wireframe. Out: sRGB-encoded, opaque.

uniform vec3 u_color; // sRGB-encoded

out vec4 o_color;

void main() {
    o_color = vec4(u_color, 1.0);
}

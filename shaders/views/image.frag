#version 330 core
// One picture as it is. Out: linear light, opaque.

uniform sampler2D u_source; // sRGB texture

in vec2 v_uv;
out vec4 o_color;

void main() {
    o_color = vec4(texture(u_source, v_uv).rgb, 1.0);
}

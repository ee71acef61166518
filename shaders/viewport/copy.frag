#version 330 core
// One of the frame's images put on the screen as it is. In and out: sRGB-encoded, opaque.

uniform sampler2D u_a;

in vec2 v_uv;
out vec4 o_color;

void main() {
    o_color = vec4(texture(u_a, v_uv).rgb, 1.0);
}

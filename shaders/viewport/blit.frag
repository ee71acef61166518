#version 330 core
// A drawn overlay laid over the screen. In and out: sRGB-encoded, premultiplied alpha.

uniform sampler2D u_a;
uniform float u_opacity;

in vec2 v_uv;
out vec4 o_color;

void main() {
    o_color = texture(u_a, vec2(v_uv.x, 1.0 - v_uv.y)) * u_opacity;
}

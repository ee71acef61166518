#version 330 core
// A finished view for a file. In: linear light, premultiplied. Out: sRGB-encoded, straight alpha,
// the first row at the bottom so that it is read back top first.

uniform sampler2D u_a;

vec3 encodeSrgb(vec3 linear);

in vec2 v_uv;
out vec4 o_color;

void main() {
    vec4 color = texture(u_a, vec2(v_uv.x, 1.0 - v_uv.y));
    o_color = vec4(encodeSrgb(color.a > 0.0 ? color.rgb / color.a : vec3(0.0)), color.a);
}

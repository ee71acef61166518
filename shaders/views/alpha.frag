#version 330 core
// A matte in grey whose values on screen are those of the matte. Out: linear light, opaque.

uniform sampler2D u_alpha; // 0..1

vec3 decodeSrgb(vec3 encoded);

in vec2 v_uv;
out vec4 o_color;

void main() {
    o_color = vec4(decodeSrgb(vec3(texture(u_alpha, v_uv).r)), 1.0);
}

#version 330 core
// A picture whose values are to be seen on screen as they are. Out: linear light, opaque.

uniform sampler2D u_picture;

vec3 decodeSrgb(vec3 encoded);

in vec2 v_uv;
out vec4 o_color;

void main() {
    o_color = vec4(decodeSrgb(texture(u_picture, v_uv).rgb), 1.0);
}

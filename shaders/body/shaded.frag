#version 330 core
// Matt surface, lit from the camera's side and a little from below. Out: sRGB-encoded, opaque.

uniform vec3 u_color; // linear

vec3 encodeSrgb(vec3 linear);

in vec3 v_position;
in vec3 v_normal;
out vec4 o_color;

const vec3 kKey = vec3(-0.485, -0.728, -0.485); // towards the light, unit length
const vec3 kFill = vec3(0.667, 0.333, -0.667);

void main() {
    vec3 n = normalize(v_normal);
    float rim = pow(1.0 - abs(dot(n, normalize(v_position))), 3.0);
    float light = 0.22 + 0.7 * max(dot(n, kKey), 0.0) + 0.25 * max(dot(n, kFill), 0.0) + 0.25 * rim;
    o_color = vec4(encodeSrgb(u_color * light), 1.0);
}

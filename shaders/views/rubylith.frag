#version 330 core
// The source under red film where the person is not, as mask cutters see it.
// Out: linear light, opaque.

uniform sampler2D u_source; // sRGB texture
uniform sampler2D u_alpha;  // 0..1

const vec3 kFilm = vec3(0.75, 0.01, 0.02); // linear
const float kDensity = 0.6;

in vec2 v_uv;
out vec4 o_color;

void main() {
    vec3 source = texture(u_source, v_uv).rgb;
    float film = kDensity * (1.0 - texture(u_alpha, v_uv).r);
    o_color = vec4(mix(source, kFilm, film), 1.0);
}

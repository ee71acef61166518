#version 330 core
// Outlines of the person (yellow) and of what is in front (cyan) on the darkened source: where the
// matte crosses one half, about two screen pixels wide at any zoom.
// Out: linear light, opaque.

uniform sampler2D u_source;   // sRGB texture
uniform sampler2D u_alpha;    // 0..1
uniform sampler2D u_occluder; // 0..1
uniform vec2 u_texel;         // 1 / picture size
uniform float u_width;        // picture pixels

in vec2 v_uv;
out vec4 o_color;

/// 1 where half the matte lies within the width, 0 elsewhere.
float outline(sampler2D matte) {
    float low = 1.0, high = 0.0;
    for (int i = 0; i < 8; ++i) {
        float angle = float(i) * 0.785398;
        float value = texture(matte, v_uv + vec2(cos(angle), sin(angle)) * u_texel * u_width).r;
        low = min(low, value);
        high = max(high, value);
    }
    return step(low, 0.5) * step(0.5, high);
}

void main() {
    vec3 color = texture(u_source, v_uv).rgb * 0.45;
    color = mix(color, vec3(0.0, 0.75, 0.9), outline(u_occluder));
    color = mix(color, vec3(1.0, 0.8, 0.05), outline(u_alpha));
    o_color = vec4(color, 1.0);
}

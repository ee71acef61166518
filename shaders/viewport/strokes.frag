#version 330 core
// Coverage of a round-ended line from the distance to its axis. Out: sRGB-encoded, premultiplied.

in vec2 v_at;
flat in vec4 v_ends;
flat in vec4 v_color;
flat in float v_radius;
out vec4 o_color;

void main() {
    vec2 from = v_ends.xy, along = v_ends.zw - v_ends.xy;
    float t = clamp(dot(v_at - from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    float distance_ = length(v_at - from - along * t);
    float cover = clamp(v_radius + 0.5 - distance_, 0.0, 1.0) * v_color.a;
    o_color = vec4(v_color.rgb * cover, cover);
}

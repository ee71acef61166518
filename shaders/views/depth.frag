#version 330 core
// Inverse depth in the colours of viridis, bright = near: even steps of depth look even.
// Out: linear light, opaque.

uniform sampler2D u_depth; // 0..1 of full scale, larger = nearer
uniform float u_far;       // shown darkest
uniform float u_near;      // shown brightest

vec3 decodeSrgb(vec3 encoded);

in vec2 v_uv;
out vec4 o_color;

/// viridis (S. van der Walt, N. Smith; CC0), least squares polynomial of degree 6 by M. Zucker.
vec3 viridis(float t) {
    const vec3 c[7] = vec3[7](
        vec3(0.2777273, 0.0054073, 0.3340998), vec3(0.1050930, 1.4046135, 1.3845902),
        vec3(-0.3308618, 0.2148476, 0.0950952), vec3(-4.6342305, -5.7991010, -19.3324410),
        vec3(6.2282699, 14.1799334, 56.6905526), vec3(4.7763850, -13.7451454, -65.3530326),
        vec3(-5.4354559, 4.6458526, 26.3124352));
    vec3 color = c[6];
    for (int i = 5; i >= 0; --i)
        color = color * t + c[i];
    return color;
}

void main() {
    float t = clamp((texture(u_depth, v_uv).r - u_far) / (u_near - u_far), 0.0, 1.0);
    o_color = vec4(decodeSrgb(viridis(t)), 1.0);
}

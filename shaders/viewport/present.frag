#version 330 core
// A finished view of the picture, or two of them compared, put on the screen over the backdrop.
// In:  views in linear light, premultiplied; (0,0) is the top left corner.
// Out: sRGB-encoded, opaque.

uniform sampler2D u_a;
uniform sampler2D u_b;
uniform int u_compare;     // 0 A alone, 1 wipe, 2 difference, 3 onion skin
uniform float u_share;     // wipe: A is left of it; onion: part of B
uniform bool u_checkered;
uniform float u_square;    // side of the checkerboard's squares in screen pixels

vec3 encodeSrgb(vec3 linear);

in vec2 v_uv;
out vec4 o_color;

vec3 backdrop() {
    if (!u_checkered)
        return vec3(0.0);
    ivec2 cell = ivec2(floor(gl_FragCoord.xy / u_square));
    return vec3(((cell.x + cell.y) & 1) == 0 ? 0.133 : 0.216);
}

vec3 over(vec4 color) { return color.rgb + backdrop() * (1.0 - color.a); }

void main() {
    vec3 color = over(texture(u_a, v_uv));
    if (u_compare == 1) {
        if (v_uv.x >= u_share)
            color = over(texture(u_b, v_uv));
    } else if (u_compare == 2) {
        // Differences of what the eye sees, not of light: they are of the encoded values.
        vec3 other = encodeSrgb(over(texture(u_b, v_uv)));
        o_color = vec4(abs(encodeSrgb(color) - other), 1.0);
        return;
    } else if (u_compare == 3) {
        color = mix(color, over(texture(u_b, v_uv)), u_share);
    }
    o_color = vec4(encodeSrgb(color), 1.0);
}

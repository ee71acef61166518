#version 330 core
// Puts plate, person and occluder together, each with its own opacity.
// At soft edges the source shows a layer mixed with the scene behind it, so the layer's own part is
// what remains of the source after the scene's share: with all layers on, the source comes out again.
// Nobody knows the scene behind the occluder: without the occluder there is a hole.
// In:  colours in linear light (sRGB textures), mattes 0..1 that add up to 1 at most.
// Out: linear light, premultiplied alpha; or, where all is opaque, sRGB-encoded.

uniform sampler2D u_source;
uniform sampler2D u_plate;
uniform sampler2D u_human;
uniform sampler2D u_occluder;
uniform bool u_hasPlate; // else the scene is the source where nothing is in front of it
uniform bool u_encoded;
uniform float u_sceneOpacity;
uniform float u_humanOpacity;
uniform float u_occluderOpacity;

vec3 encodeSrgb(vec3 linear);

in vec2 v_uv;
out vec4 o_color;

void main() {
    vec3 source = texture(u_source, v_uv).rgb;
    float human = texture(u_human, v_uv).r;
    float occluder = texture(u_occluder, v_uv).r;
    float front = min(human + occluder, 1.0);

    vec3 scene = u_hasPlate ? texture(u_plate, v_uv).rgb : source;
    vec3 own = clamp(source - (1.0 - front) * scene, vec3(0.0), vec3(front)); // premultiplied
    vec4 unit = vec4(front > 0.0 ? own / front : vec3(0.0), 1.0);

    float share = occluder < 1.0 ? min(human / (1.0 - occluder), 1.0) : 0.0; // of the person
    float bare = 1.0 - share * (u_hasPlate ? u_humanOpacity : 1.0);
    vec4 behind = vec4(scene, 1.0) * (u_sceneOpacity * bare) + unit * (share * u_humanOpacity);
    vec4 color = behind * (1.0 - occluder) + unit * (occluder * u_occluderOpacity);
    o_color = u_encoded ? vec4(encodeSrgb(color.rgb), 1.0) : color;
}

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/kernel_cases.h"

#include "engine/formats/npz.h"
#include "engine/raster/cuda/raster_cuda.h"
#include "tests/unit/raster/meshes.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

namespace strata::test {
namespace {

struct Scene {
    std::string name;
    std::vector<Mesh> frames; // with the same faces
    std::vector<RasterCamera> cameras;
    bool cull = true;
};

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> values(-1, 1);
    std::vector<float> out(count);
    std::generate(out.begin(), out.end(), [&] { return values(random); });
    return out;
}

Mesh moved(Mesh mesh, float x, float y, float z) {
    for (std::size_t i = 0; i < mesh.vertices.size(); i += 3) {
        mesh.vertices[i] += x;
        mesh.vertices[i + 1] += y;
        mesh.vertices[i + 2] += z;
    }
    return mesh;
}

/// Triangles of all sizes anywhere: some behind the camera, some through the near plane, some that
/// are no triangles.
Mesh soup(int count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> place(-3, 3), size(-1, 1);
    Mesh mesh;
    for (int i = 0; i < count; ++i) {
        const float centre[3] = {place(random), place(random), place(random) + 3};
        const float extent = std::pow(10.f, 2 * size(random) - 1);
        for (int corner = 0; corner < 3; ++corner) {
            for (const float c : centre)
                mesh.vertices.push_back(c + extent * size(random));
            mesh.faces.push_back(std::uint32_t(i * 3 + corner));
        }
    }
    mesh.vertices[3] = std::numeric_limits<float>::quiet_NaN();
    mesh.vertices[13] = std::numeric_limits<float>::infinity();
    mesh.faces[40] = 1u << 30; // beyond the vertices
    mesh.faces[50] = mesh.faces[49];
    for (int k = 0; k < 3; ++k) // twice the same face
        mesh.faces[std::size_t(60 + k)] = mesh.faces[std::size_t(63 + k)];
    return mesh;
}

/// The resting body, upright in front of the camera (y down).
Mesh body() {
    Mesh mesh;
    const auto path = std::filesystem::path(STRATA_SOURCE_DIR) / "assets/body/strata_body.npz";
    const auto arrays = readNpz(path);
    if (!arrays || !arrays->contains("v_template") || !arrays->contains("faces"))
        return mesh;
    mesh.vertices = arrays->at("v_template").toFloats();
    for (std::size_t i = 0; i < mesh.vertices.size(); i += 3) {
        mesh.vertices[i + 1] *= -1;
        mesh.vertices[i + 2] = 3 - mesh.vertices[i + 2];
    }
    for (const auto index : arrays->at("faces").toInts())
        mesh.faces.push_back(std::uint32_t(index));
    return mesh;
}

std::vector<Scene> scenes(bool large) {
    const RasterCamera small{61, 47, 50.f, 52.f, 31.2f, 22.7f, 0.05f};
    std::vector<Scene> all;
    const Mesh ball = sphere(18, 24, 1.f, 2.6f);
    RasterCamera near = small;
    near.fx = 90.f;
    near.nearPlane = 1.9f;
    all.push_back({"spheres of two frames", {ball, moved(ball, 0.3f, -0.2f, 0.1f)}, {small, near}});
    all.push_back({"random triangles", {soup(120, 5), soup(120, 6)}, {small, small}, false});
    all.back().frames[1].faces = all.back().frames[0].faces;
    all.push_back({"random triangles, culled", {soup(200, 7)}, {small}});
    Mesh wall{{-50, -50, 4, 50, -50, 4, 50, 50, 9, -50, 50, 9}, {0, 1, 2, 0, 2, 3}};
    all.push_back({"a wall over the whole picture", {wall}, {small}, false});
    if (const Mesh person = body(); !person.faces.empty()) {
        RasterCamera camera{96, 128, 130.f, 130.f, 48.f, 60.f, 0.05f};
        if (large)
            camera = {512, 512, 620.f, 620.f, 256.f, 250.f, 0.05f};
        all.push_back({"the body", {person}, {camera}});
        if (large)
            all.push_back(
                {"the body twice", {person, moved(person, 0.2f, 0.1f, 0.4f)}, {camera, camera}});
    }
    if (large) {
        const RasterCamera wide{1280, 720, 1000.f, 1000.f, 640.f, 360.f, 0.05f};
        all.push_back({"half a million faces", {sphere(500, 500, 1.f, 2.5f)}, {wide}});
        all.push_back({"5,000 random triangles", {soup(5000, 9)}, {wide}, false});
    }
    return all;
}

struct Images {
    std::vector<std::int32_t> face;
    std::vector<float> barycentric, depth;
};

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

double difference(const std::vector<float>& a, const std::vector<float>& b) {
    double most = a.size() == b.size() ? 0 : HUGE_VAL, size = 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        if (a[i] == b[i]) // infinities too
            continue;
        const double miss = std::abs(double(a[i]) - double(b[i]));
        most = miss <= most ? most : miss;
        size = std::max(size, std::abs(double(b[i])));
    }
    return most / size;
}

/// One scene on the device and, frame by frame, on the CPU.
class SceneCase {
public:
    SceneCase(DeviceMemory& device, const Scene& scene, bool exact)
        : m_device(device)
        , m_scene(scene)
        , m_exact(exact) {}

    std::vector<KernelResult> run() {
        upload();
        compareImages();
        if (m_trouble.empty())
            for (const int channels : {3, 16})
                compareAttributes(channels);
        if (m_trouble.empty())
            return m_results;
        return {{m_scene.name, 1, 0, m_trouble}};
    }

private:
    std::size_t samples() const {
        return m_scene.frames.size() * std::size_t(m_on.width) * std::size_t(m_on.height);
    }

    void note(const char* trouble) {
        if (trouble && m_trouble.empty())
            m_trouble = trouble;
    }

    void add(const std::string& what, double worst, double limit) {
        m_results.push_back({m_scene.name + ": " + what, worst, limit, {}});
    }

    void upload() {
        std::vector<float> vertices;
        for (const Mesh& frame : m_scene.frames)
            vertices.insert(vertices.end(), frame.vertices.begin(), frame.vertices.end());
        const auto& faces = m_scene.frames.front().faces;
        m_on.vertices = m_device.upload<float>(vertices);
        m_on.faces = m_device.upload<std::uint32_t>(faces);
        m_on.cameras = m_device.upload<RasterCamera>(m_scene.cameras);
        m_on.frames = int(m_scene.frames.size());
        m_on.vertexCount = int(m_scene.frames.front().vertices.size() / 3);
        m_on.faceCount = int(faces.size() / 3);
        m_on.width = m_scene.cameras.front().width;
        m_on.height = m_scene.cameras.front().height;
        m_on.cullBackFaces = m_scene.cull;
        m_out.face = static_cast<std::int32_t*>(m_device.take(samples() * 4));
        m_out.barycentric = static_cast<float*>(m_device.take(samples() * 8));
        m_out.depth = static_cast<float*>(m_device.take(samples() * 4));
        void* work = m_device.take(cuda::rasterizeWorkBytes(m_on));
        if (!m_on.vertices || !m_on.faces || !m_on.cameras || !m_out.face || !m_out.barycentric ||
            !m_out.depth || !work)
            return note("there is not enough memory");
        note(cuda::rasterize(m_on, m_out, work, m_device.stream()));
    }

    void compareImages() {
        Images cpu;
        RasterOptions options;
        options.cullBackFaces = m_scene.cull;
        for (std::size_t f = 0; f < m_scene.frames.size(); ++f) {
            auto& raster = m_rasters.emplace_back();
            const auto& faces = m_scene.frames.front().faces;
            rasterize(m_scene.frames[f].vertices, faces, m_scene.cameras[f], options, raster);
            cpu.face.insert(cpu.face.end(), raster.face.begin(), raster.face.end());
            cpu.barycentric.insert(cpu.barycentric.end(), raster.barycentric.begin(),
                                   raster.barycentric.end());
            cpu.depth.insert(cpu.depth.end(), raster.depth.begin(), raster.depth.end());
        }
        if (!m_trouble.empty())
            return;
        const auto face = m_device.download(m_out.face, samples());
        const auto barycentric = m_device.download(m_out.barycentric, 2 * samples());
        const auto depth = m_device.download(m_out.depth, samples());
        if (face.size() != samples() || barycentric.empty() || depth.empty())
            return note("the kernels failed");
        std::size_t other = 0, seen = 0;
        for (std::size_t i = 0; i < face.size(); ++i) {
            other += face[i] != cpu.face[i];
            seen += cpu.face[i] >= 0;
        }
        if (seen < face.size() / 50)
            return note("the test shows next to nothing");
        add("faces", double(other) / double(face.size()), 0);
        add("weights", difference(barycentric, cpu.barycentric), 1e-5);
        add("depths", difference(depth, cpu.depth), 1e-5);
        if (m_exact)
            add("bits",
                sameBits(barycentric, cpu.barycentric) && sameBits(depth, cpu.depth) ? 0 : 1, 0);
    }

    void compareAttributes(int channels) {
        const auto count = std::size_t(m_on.vertexCount) * std::size_t(channels);
        cuda::RasterAttributes on{m_out.face,       m_out.barycentric, m_on.faces,
                                  m_on.frames,      m_on.width,        m_on.height,
                                  m_on.vertexCount, channels,          false};
        const auto attributes = noise(count, 3);
        const auto grad = noise(samples() * std::size_t(channels), 4);
        auto* image = static_cast<float*>(m_device.take(grad.size() * 4));
        const auto* values = m_device.upload<float>(attributes);
        const auto* gradImage = m_device.upload<float>(grad);
        const std::vector<float> before(count, 0.25f);
        auto* sums = m_device.upload<float>(before);
        auto* again = m_device.upload<float>(before);
        void* work = m_device.take(cuda::interpolateBackwardWorkBytes(on));
        if (!image || !values || !gradImage || !sums || !again || !work)
            return note("there is not enough memory");
        note(cuda::interpolate(on, values, image, m_device.stream()));
        for (float* to : {sums, again})
            note(cuda::interpolateBackward(on, gradImage, to, work, m_device.stream()));
        if (!m_trouble.empty())
            return;
        std::vector<float> drawn, expected = before;
        const auto& faces = m_scene.frames.front().faces;
        const auto perFrame = grad.size() / m_rasters.size();
        for (std::size_t f = 0; f < m_rasters.size(); ++f) {
            const ImageF picture = interpolate(m_rasters[f], faces, attributes, channels);
            drawn.insert(drawn.end(), picture.data(), picture.data() + picture.count());
            interpolateBackward(m_rasters[f], faces, {grad.data() + f * perFrame, perFrame},
                                channels, expected);
        }
        const std::string of = " of " + std::to_string(channels) + " channels";
        const auto result = m_device.download(image, grad.size());
        add("picture" + of, difference(result, drawn), 1e-5);
        if (m_exact)
            add("bits of the picture" + of, sameBits(result, drawn) ? 0 : 1, 0);
        const auto gradient = m_device.download(sums, count);
        add("gradient" + of, difference(gradient, expected), 1e-5);
        add("gradient again" + of, sameBits(gradient, m_device.download(again, count)) ? 0 : 1, 0);
    }

    DeviceMemory& m_device;
    const Scene& m_scene;
    bool m_exact;
    cuda::RasterScene m_on;
    cuda::RasterImages m_out;
    std::vector<RasterBuffers> m_rasters;
    std::vector<KernelResult> m_results;
    std::string m_trouble;
};

} // namespace

std::vector<KernelResult> rasterCases(DeviceMemory& device, bool exact, bool large) {
    std::vector<KernelResult> all;
    for (const Scene& scene : scenes(large)) {
        const auto some = SceneCase(device, scene, exact).run();
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace strata::test

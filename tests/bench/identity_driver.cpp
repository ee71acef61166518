// SPDX-License-Identifier: Apache-2.0
// Developer's tool: builds an identity and draws it, to be looked at.
//   picture  BODY PICTURE ALPHA FIT.npz OUT [MOTION]   from a picture, its matte and the fitted
//   body; FIT.npz.lm may
//                                                      hold 33 landmarks, one "x y visibility" a
//                                                      line
//   painted  BODY OUT [MOTION]                          from a synthetic picture of the body, for a
//   known answer
// Writes OUT/sheet.png (A-pose from four sides, then poses of MOTION), atlas.png, identity.npz and
// prints times.
#include "engine/body/motion.h"
#include "engine/synth/canonical.h"
#include "engine/synth/color_tables.h"
#include "engine/synth/mesh_synthesizer.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

using namespace strata;

namespace {

double seconds() {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

template <typename T>
T need(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

ImageU8 readColor(const std::string& file) {
    cv::Mat bgr = cv::imread(file, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION), rgb;
    if (bgr.empty())
        std::exit(std::fprintf(stderr, "cannot read %s\n", file.c_str()));
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    ImageU8 out(rgb.cols, rgb.rows, 3);
    for (int y = 0; y < rgb.rows; ++y)
        std::copy_n(rgb.ptr(y), std::size_t(rgb.cols) * 3, out.row(y));
    return out;
}

ImageF readAlpha(const std::string& file, Size size) {
    cv::Mat gray = cv::imread(file, cv::IMREAD_GRAYSCALE), scaled;
    if (gray.empty())
        std::exit(std::fprintf(stderr, "cannot read %s\n", file.c_str()));
    cv::resize(gray, scaled, {size.width, size.height});
    ImageF out(size.width, size.height, 1);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *out.pixel(x, y) = float(scaled.at<std::uint8_t>(y, x)) / 255.f;
    return out;
}

cv::Mat matOf(const ImageU8& image) {
    cv::Mat rgb(image.height(), image.width(), CV_8UC3, const_cast<std::uint8_t*>(image.data())),
        bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    return bgr;
}

/// The layer over an even background.
cv::Mat shown(const HumanLayer& layer, float background) {
    const ImageF rgba = toFrame(layer);
    ImageU8 out(rgba.width(), rgba.height(), 3);
    for (int y = 0; y < rgba.height(); ++y)
        for (int x = 0; x < rgba.width(); ++x) {
            const float* p = rgba.pixel(x, y);
            const RectI& s = layer.shadowRegion;
            float shade = 1.f;
            if (!layer.shadow.empty() && x >= s.x0 && x < s.x1 && y >= s.y0 && y < s.y1)
                shade = 1.f - *layer.shadow.pixel(x - s.x0, y - s.y0);
            for (int c = 0; c < 3; ++c)
                out.pixel(x, y)[c] = linearToSrgb8(p[c] * p[3] + background * shade * (1.f - p[3]));
        }
    return matOf(out);
}

/// A body painted with stripes and blobs, standing in front of a wall: what the pictures of tests
/// look like.
PictureSubject paintedSubject(const BodyModel& model) {
    Identity painted;
    painted.displacement.assign(kBodyVertices, glm::vec3(0.f));
    painted.softness.assign(kBodyVertices, 0.f);
    painted.texture = ImageU8(1024, 1024, 3);
    for (int y = 0; y < 1024; ++y)
        for (int x = 0; x < 1024; ++x) {
            std::uint8_t* p = painted.texture.pixel(x, y);
            p[0] = std::uint8_t(120 + 80 * std::sin(x * 0.05));
            p[1] = std::uint8_t(120 + 80 * std::sin(y * 0.04));
            p[2] = std::uint8_t((x / 32 + y / 32) % 2 ? 200 : 60);
        }
    PictureSubject subject;
    subject.pose = canonicalPose(model);
    subject.camera = canonicalCamera(ShapedBody(model, {}), 900, 1200);
    MeshRenderOptions options;
    options.unlit = true;
    auto synthesizer = need(MeshSynthesizer::create(model, painted, options));
    const ImageF rgba =
        toFrame(synthesizer.renderFrame({.camera = subject.camera, .pose = subject.pose}));
    subject.rgb = ImageU8(900, 1200, 3);
    subject.alpha = ImageF(900, 1200, 1);
    for (std::size_t i = 0; i < subject.alpha.count(); ++i) {
        const float* p = rgba.data() + 4 * i;
        subject.alpha.data()[i] = p[3];
        for (std::size_t c = 0; c < 3; ++c)
            subject.rgb.data()[3 * i + c] = linearToSrgb8(p[c] * p[3] + 0.8f * (1.f - p[3]));
    }
    return subject;
}

void drawSheet(const BodyModel& model, const Identity& identity, const PictureSubject& subject,
               const std::string& out, const std::string& motionFile) {
    auto synthesizer = need(MeshSynthesizer::create(model, identity));
    MeshRenderOptions flatOptions;
    flatOptions.unlit = true;
    auto flat = need(MeshSynthesizer::create(model, identity, flatOptions));
    const ShapedBody body(model, identity.betas);
    constexpr int kW = 420, kH = 560;
    std::vector<cv::Mat> tiles;
    { // the picture's own view beside the picture
        cv::Mat again =
                    shown(flat.renderFrame({.camera = subject.camera, .pose = subject.pose}), 0.9f),
                picture = matOf(subject.rgb);
        const double scale = double(kH) / picture.rows;
        cv::resize(picture, picture, {}, scale, scale, cv::INTER_AREA);
        cv::resize(again, again, {}, scale, scale, cv::INTER_AREA);
        cv::Mat both;
        cv::hconcat(picture, again, both);
        cv::imwrite(out + "/view.png", both);
        cv::imwrite(
            out + "/view_full.png",
            shown(flat.renderFrame({.camera = subject.camera, .pose = subject.pose}), 0.9f));
    }
    for (const float turn : {0.f, 0.8f, 1.57f, 3.14f})
        tiles.push_back(
            shown(synthesizer.renderFrame({.camera = canonicalCamera(body, kW, kH, turn),
                                           .pose = canonicalPose(model)}),
                  0.75f));
    if (!motionFile.empty()) {
        const Motion motion = need(readMotion(motionFile, model));
        double spent = 0;
        for (int i = 0; i < 8; ++i) {
            const std::size_t at = motion.frames.size() * std::size_t(2 * i + 1) / 16;
            FrameRequest request;
            request.pose = motion.frames[at];
            const float turn = i < 4 ? 0.f : 0.9f * float(i - 2);
            request.camera = canonicalCamera(body, kW, kH, turn, 0.12f);
            const glm::vec3 center = request.pose.translation;
            std::vector<glm::vec3> joints(kBodyJoints), rest(kBodyJoints);
            body.pose(request.pose, {}, joints);
            body.pose(canonicalPose(model), {}, rest);
            request.pose.translation += rest[0] - joints[0];
            (void)center;
            std::vector<glm::vec3> vertices(kBodyVertices);
            body.pose(request.pose, vertices, {});
            float low = 1e9f;
            for (const auto& v : vertices)
                low = std::min(low, v.y);
            request.ground = FrameRequest::Ground{{0.f, low, 0.f}, {0.f, 1.f, 0.f}};
            const double start = seconds();
            const HumanLayer layer = synthesizer.renderFrame(request);
            spent += seconds() - start;
            tiles.push_back(shown(layer, 0.5f));
        }
        std::printf("420x560: %.1f ms a frame\n", spent / 8 * 1000);
        FrameRequest request;
        request.camera = canonicalCamera(body, 1280, 720);
        request.pose = canonicalPose(model);
        request.ground = FrameRequest::Ground{{0.f, -1.2f, 0.f}, {0.f, 1.f, 0.f}};
        const double start = seconds();
        for (int i = 0; i < 20; ++i)
            synthesizer.renderFrame(request);
        std::printf("1280x720 sharp: %.1f frames a second\n", 20 / (seconds() - start));
        request.nextPose = request.pose;
        request.nextPose->translation.x += 0.05f;
        const double blurStart = seconds();
        for (int i = 0; i < 20; ++i)
            synthesizer.renderFrame(request);
        std::printf("1280x720 motion blur: %.1f frames a second\n", 20 / (seconds() - blurStart));
    }
    std::vector<cv::Mat> rows;
    for (std::size_t i = 0; i + 3 < tiles.size(); i += 4) {
        cv::Mat row;
        cv::hconcat(std::vector<cv::Mat>(tiles.begin() + long(i), tiles.begin() + long(i) + 4),
                    row);
        rows.push_back(row);
    }
    cv::Mat sheet;
    cv::vconcat(rows, sheet);
    cv::imwrite(out + "/sheet.png", sheet);
    cv::imwrite(out + "/atlas.png", matOf(identity.texture));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4)
        return std::fprintf(stderr, "see the head of this file\n"), 2;
    const std::string mode = argv[1];
    const BodyModel model = need(loadBody(argv[2]));
    PictureSubject subject;
    std::string out, motion;
    if (mode == "painted") {
        subject = paintedSubject(model);
        out = argv[3];
        motion = argc > 4 ? argv[4] : "";
    } else {
        if (argc < 7)
            return 2;
        subject.rgb = readColor(argv[3]);
        subject.alpha = readAlpha(argv[4], subject.rgb.size());
        const Motion fit = need(readAmass(argv[5]));
        if (fit.frames.empty() || fit.cameras.empty())
            return std::fprintf(stderr, "the fit has no frame or camera\n"), 1;
        subject.betas = fit.betas;
        subject.pose = fit.frames[0];
        subject.camera = fit.cameras[0];
        if (std::FILE* marks = std::fopen((std::string(argv[5]) + ".lm").c_str(), "r")) {
            glm::vec3 l;
            while (std::fscanf(marks, "%f %f %f", &l.x, &l.y, &l.z) == 3)
                subject.landmarks.push_back(l);
            std::fclose(marks);
        }
        out = argv[6];
        motion = argc > 7 ? argv[7] : "";
    }
    std::filesystem::create_directories(out);
    const double start = seconds();
    const Identity identity = need(buildIdentity(model, subject));
    std::printf("identity: %.2f s, atlas %d\n", seconds() - start, identity.texture.width());
    need(saveIdentity(out + "/identity.npz", identity));
    drawSheet(model, identity, subject, out, motion);
    return 0;
}

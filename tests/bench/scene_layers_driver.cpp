// SPDX-License-Identifier: Apache-2.0
// Developer's tool: runs the scene stages over folders of pictures and writes pictures to look at.
//   matte FRAMES OUT MODEL                   alpha per frame by MODNet on the person's crop
//   difference FRAMES OUT EMPTY              mask of what differs from frame EMPTY (static camera)
//   depth FRAMES MASKS OUT MODEL             aligned depth per frame
//   layers FRAMES MASKS DEPTH|- OUT A B      human and occluder for frames A to B
//   plate FRAMES MASKS OCC|- OUT A B [TRUTH] clean plate; with TRUTH (a frame number) PSNR inside
//   the mask
#include "engine/decompose/scene/camera_motion.h"
#include "engine/decompose/scene/cv_view.h"
#include "engine/decompose/scene/depth_alignment.h"
#include "engine/decompose/scene/layers.h"
#include "engine/decompose/scene/plate.h"
#include "engine/perception/depth_estimator.h"
#include "engine/perception/inpainter.h"
#include "engine/perception/matting.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <filesystem>

using namespace strata;
namespace fs = std::filesystem;

namespace {

template <typename T>
class Folder : public FrameSource<T> {
public:
    explicit Folder(const std::string& path) {
        for (const auto& entry : fs::directory_iterator(path))
            m_files.push_back(entry.path());
        std::sort(m_files.begin(), m_files.end());
        m_size = load(0)->size();
    }
    std::int64_t frameCount() const override { return std::int64_t(m_files.size()); }
    Size frameSize() const override { return m_size; }
    Result<typename FrameSource<T>::Frame> frame(std::int64_t index) override {
        for (const auto& [at, image] : m_recent)
            if (at == index)
                return image;
        auto image = load(index);
        m_recent.emplace_back(index, image);
        if (m_recent.size() > 6)
            m_recent.pop_front();
        return image;
    }
    int channels = sizeof(T) == 2 ? 1 : 3;

private:
    typename FrameSource<T>::Frame load(std::int64_t index) {
        cv::Mat file = cv::imread(m_files[std::size_t(index)].string(), cv::IMREAD_UNCHANGED);
        if (sizeof(T) == 1 && channels == 3)
            cv::cvtColor(file, file, cv::COLOR_BGR2RGB);
        else if (file.channels() == 3)
            cv::cvtColor(file, file, cv::COLOR_BGR2GRAY);
        Image<T> image(file.cols, file.rows, channels);
        file.copyTo(view(image));
        return std::make_shared<const Image<T>>(std::move(image));
    }
    std::vector<fs::path> m_files;
    std::deque<std::pair<std::int64_t, typename FrameSource<T>::Frame>> m_recent;
    Size m_size;
};

struct MaskFolder : Folder<std::uint8_t> {
    explicit MaskFolder(const std::string& path)
        : Folder(path) {
        channels = 1;
        // The constructor looked at one picture as colour; that copy is not kept.
    }
};

std::string name(const std::string& folder, std::int64_t index, const char* extension) {
    char text[32];
    std::snprintf(text, sizeof text, "/%05d.%s", int(index), extension);
    return folder + text;
}

void save(const std::string& file, const cv::Mat& image) {
    cv::Mat bgr;
    if (image.channels() == 1)
        bgr = image;
    else
        cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
    cv::imwrite(file, bgr);
}

template <typename T>
T must(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void matte(Folder<std::uint8_t>& frames, const std::string& out, const std::string& model) {
    auto network = must(Matting::load(model));
    cv::Rect box;
    for (std::int64_t i = 0; i < frames.frameCount(); ++i) {
        const auto frame = must(frames.frame(i));
        const cv::Rect all(0, 0, frame->width(), frame->height());
        const int grow = box.height / 5;
        const cv::Rect crop = box.empty() ? all
                                          : cv::Rect(box.x - grow, box.y - grow,
                                                     box.width + 2 * grow, box.height + 2 * grow) &
                                                all;
        ImageU8 part(crop.width, crop.height, 3);
        view (*frame)(crop).copyTo(view(part));
        const auto alpha = must(network.alpha(part));
        cv::Mat mask = cv::Mat::zeros(all.size(), CV_8U);
        view(alpha).convertTo(mask(crop), CV_8U, 255);
        const auto found = cv::boundingRect(mask > 127);
        box = found.height > 40 ? found : cv::Rect();
        save(name(out, i, "png"), mask);
    }
}

void difference(Folder<std::uint8_t>& frames, const std::string& out, int empty) {
    const auto reference = must(frames.frame(empty));
    cv::Mat base;
    cv::GaussianBlur(view(*reference), base, {5, 5}, 0);
    for (std::int64_t i = 0; i < frames.frameCount(); ++i) {
        const auto frame = must(frames.frame(i));
        cv::Mat now, apart, mask;
        cv::GaussianBlur(view(*frame), now, {5, 5}, 0);
        cv::absdiff(now, base, apart);
        cv::Mat channels[3];
        cv::split(apart, channels);
        mask = cv::max(channels[0], cv::max(channels[1], channels[2])) > 38;
        cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::Mat::ones(5, 5, CV_8U));
        cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(21, 21, CV_8U));
        cv::Mat labels, stats, centres, kept = cv::Mat::zeros(mask.size(), CV_8U);
        const int n = cv::connectedComponentsWithStats(mask, labels, stats, centres);
        for (int k = 1; k < n; ++k)
            if (stats.at<int>(k, cv::CC_STAT_AREA) > 400)
                kept.setTo(255, labels == k);
        save(name(out, i, "png"), kept);
    }
}

CameraPath track(Folder<std::uint8_t>& frames, MaskFolder& masks, std::int64_t end) {
    CameraTracker tracker(frames.frameSize());
    CameraPath path;
    const double start = seconds();
    for (std::int64_t i = 0; i < end; ++i) {
        const auto frame = must(frames.frame(i));
        const auto mask = must(masks.frame(i));
        path.append(must(tracker.add(*frame, *mask)));
        const auto& s = path.step(i);
        if (!s.toPrevious.isIdentity() && i < 420)
            std::printf("camera %d: shift %.2f confidence %.2f%s\n", int(i),
                        largestShift(s.toPrevious, frames.frameSize()), double(s.confidence),
                        s.isCut ? " CUT" : "");
    }
    const auto whole = path.between(end - 1, 0);
    std::printf("camera: %.1f frames/s with reading; last to first shift %.2f\n",
                double(end) / (seconds() - start), largestShift(whole, frames.frameSize()));
    for (auto i = end; i < frames.frameCount(); ++i)
        path.append({});
    return path;
}

void depth(Folder<std::uint8_t>& frames, MaskFolder& masks, const std::string& out,
           const std::string& model) {
    auto network = must(DepthEstimator::load(model));
    CameraTracker tracker(frames.frameSize());
    DepthAligner aligner(frames.frameSize());
    for (std::int64_t i = 0; i < frames.frameCount(); ++i) {
        const auto frame = must(frames.frame(i));
        const auto mask = must(masks.frame(i));
        const auto step = must(tracker.add(*frame, *mask));
        const auto raw = must(network.inverseDepth(*frame, 252));
        const auto aligned = must(aligner.add(raw, *mask, step));
        save(name(out, i, "png"), view(aligned));
        if (i % 20 == 0)
            std::printf("depth %d: scale %.4f shift %.4f\n", int(i), double(aligner.lastScale()),
                        double(aligner.lastShift()));
    }
}

void plate(Folder<std::uint8_t>& frames, MaskFolder& masks, MaskFolder* occluder, char** argv,
           int argc) {
    const std::string out = argv[5];
    const std::int64_t a = std::atoi(argv[6]),
                       b = std::min<std::int64_t>(std::atoi(argv[7]), frames.frameCount());
    const auto path = track(frames, masks, frames.frameCount());
    const char* home = std::getenv("HOME");
    auto network = must(Inpainter::load(
        std::string(home) + "/.local/share/strata/models/migan/migan_pipeline_v2.onnx"));
    int calls = 0;
    auto builder = must(PlateBuilder::create(
        {&frames, &masks, occluder, &path, [&](const ImageU8& rgb, const ImageU8& hole) {
             ++calls;
             return network.inpaint(rgb, hole);
         }}));
    double error = 0, worst = 99, squares = 0, count = 0;
    int measured = 0;
    const double start = seconds();
    for (auto i = a; i < b; ++i) {
        const auto clean = must(builder.next(i, {}));
        save(name(out, i, "jpg"), view(clean));
        const auto mask = must(masks.frame(i));
        const cv::Mat inside = view(*mask) > 127;
        if (argc > 8 && cv::countNonZero(inside) > 200) {
            const auto truth = must(frames.frame(std::atoi(argv[8])));
            cv::Mat apart, lit = view(*truth).clone();
            const cv::Mat outside = view(*mask) < 1;
            // The camera sets its exposure by who stands there: compare under the light of this
            // frame.
            lit += cv::mean(view(*must(frames.frame(i))), outside) - cv::mean(lit, outside);
            cv::absdiff(view(clean), lit, apart);
            apart.setTo(0, inside == 0);
            const double l2 = cv::norm(apart, cv::NORM_L2SQR);
            const double n = 3.0 * cv::countNonZero(inside);
            const double psnr = 10 * std::log10(255.0 * 255.0 * n / std::max(l2, 1e-9));
            squares += l2;
            count += n;
            error += psnr;
            worst = std::min(worst, psnr);
            if (measured % 100 == 0)
                std::printf("frame %d: %.2f dB\n", int(i), psnr);
            ++measured;
        }
    }
    std::printf("plate: %.2f frames/s with reading and writing, %d inpaintings\n",
                double(b - a) / (seconds() - start), calls);
    if (measured)
        std::printf("PSNR inside: mean %.2f worst frame %.2f all pixels %.2f dB over %d frames\n",
                    error / measured, worst, 10 * std::log10(255.0 * 255.0 * count / squares),
                    measured);
}

void layers(Folder<std::uint8_t>& frames, MaskFolder& masks, DepthSource* depths, char** argv) {
    const std::string out = argv[5];
    const std::int64_t a = std::atoi(argv[6]),
                       b = std::min<std::int64_t>(std::atoi(argv[7]), frames.frameCount());
    const auto path = track(frames, masks, frames.frameCount());
    fs::create_directories(out + "/occ");
    LayerInputs inputs;
    inputs.rgb = &frames;
    inputs.human = &masks;
    inputs.depth = depths;
    inputs.camera = &path;
    auto splitter = must(LayerSplitter::create(inputs));
    const double start = seconds();
    for (auto i = a; i < b; ++i) {
        const auto result = must(splitter.split(i, {}));
        const auto frame = must(frames.frame(i));
        cv::Mat shown = view(*frame).clone();
        for (int y = 0; y < shown.rows; ++y)
            for (int x = 0; x < shown.cols; ++x) {
                auto& p = shown.at<cv::Vec3b>(y, x);
                const int h = result.human.at(x, y), o = result.occluder.at(x, y);
                p[1] = std::uint8_t(p[1] + (255 - p[1]) * h / 510);
                p[0] = std::uint8_t(p[0] + (255 - p[0]) * o / 340);
                p[1] = std::uint8_t(p[1] - p[1] * o / 400);
                p[2] = std::uint8_t(p[2] + (255 - p[2]) * o / 510);
            }
        save(name(out, i, "jpg"), shown);
        save(name(out + "/occ", i, "png"), view(result.occluder));
    }
    std::printf("layers: %.2f frames/s with reading and writing\n",
                double(b - a) / (seconds() - start));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 5)
        return 2;
    const std::string what = argv[1];
    Folder<std::uint8_t> frames(argv[2]);
    fs::create_directories(what == "matte" || what == "difference" ? argv[3]
                           : what == "depth"                       ? argv[4]
                                                                   : argv[5]);
    if (what == "matte")
        matte(frames, argv[3], argv[4]);
    else if (what == "difference")
        difference(frames, argv[3], std::atoi(argv[4]));
    if (what == "matte" || what == "difference")
        return 0;
    MaskFolder masks(argv[3]);
    if (what == "depth") {
        depth(frames, masks, argv[4], argv[5]);
        return 0;
    }
    if (argc < 8)
        return 2;
    const bool none = std::string(argv[4]) == "-";
    if (what == "plate") {
        std::unique_ptr<MaskFolder> occluder(none ? nullptr : new MaskFolder(argv[4]));
        plate(frames, masks, occluder.get(), argv, argc);
    } else {
        std::unique_ptr<Folder<std::uint16_t>> depths(none ? nullptr
                                                           : new Folder<std::uint16_t>(argv[4]));
        layers(frames, masks, depths.get(), argv);
    }
    return 0;
}

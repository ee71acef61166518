// SPDX-License-Identifier: Apache-2.0
// Runs people, mattes and smoothing over a folder of frames (00000.jpg …): prints who was found,
// times and, with true masks, their agreement; draws pictures to look at. Usage: bench_subject_clip
// FRAMES OUT [--masks DIR] [--person N]
// [--models DIR] [--every N] [--from A] [--to B] [--no-plate] [--no-back] [--people-only]
// [--people FILE.npz, read when it is there, else written]
#include "engine/decompose/subject/body_geometry.h"
#include "engine/decompose/subject/choose_subject.h"
#include "engine/decompose/subject/cv_view.h"
#include "engine/decompose/subject/matte.h"
#include "engine/decompose/subject/matte_smoothing.h"
#include "engine/decompose/subject/people_tracker.h"
#include "engine/eval/mask_metrics.h"
#include "engine/formats/npz.h"
#include "engine/perception/matting.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>

using namespace strata;
namespace fs = std::filesystem;

namespace {

struct Arguments {
    fs::path frames, out, masks, people;
    fs::path models =
        fs::path(std::getenv("HOME") ? std::getenv("HOME") : ".") / ".local/share/strata/models";
    std::optional<int> person;
    int every = 10, from = 0, to = 1 << 30;
    bool plate = true, back = true, mattes = true;
};

Arguments parse(int argc, char** argv) {
    Arguments a;
    a.frames = argv[1];
    a.out = argv[2];
    for (int i = 3; i < argc; ++i) {
        const std::string name = argv[i];
        const char* value = i + 1 < argc ? argv[i + 1] : "0";
        if (name == "--no-plate")
            a.plate = false;
        else if (name == "--no-back")
            a.back = false;
        else if (name == "--people-only")
            a.mattes = false;
        else {
            ++i;
            if (name == "--masks")
                a.masks = value;
            else if (name == "--people")
                a.people = value;
            else if (name == "--models")
                a.models = value;
            else if (name == "--person")
                a.person = std::atoi(value);
            else if (name == "--every")
                a.every = std::max(1, std::atoi(value));
            else if (name == "--from")
                a.from = std::atoi(value);
            else if (name == "--to")
                a.to = std::atoi(value);
        }
    }
    return a;
}

class FolderSource : public FrameSource<std::uint8_t> {
public:
    FolderSource(const fs::path& folder, bool color, int from, int to)
        : m_color(color) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder))
            files.push_back(entry.path());
        std::ranges::sort(files);
        for (int i = from; i < std::min(to, int(files.size())); ++i)
            m_files.push_back(files[i]);
        const auto first = frame(0);
        m_size = (*first)->size();
    }
    std::int64_t frameCount() const override { return std::int64_t(m_files.size()); }
    Size frameSize() const override { return m_size; }
    Result<Frame> frame(std::int64_t index) override {
        for (const auto& [kept, picture] : m_kept)
            if (kept == index)
                return picture;
        cv::Mat picture =
            cv::imread(m_files[index].string(), m_color ? cv::IMREAD_COLOR : cv::IMREAD_GRAYSCALE);
        if (picture.empty())
            return Error{ErrorCode::Io, "Cannot read " + m_files[index].string() + "."};
        if (m_color)
            cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
        m_kept.emplace_back(index, std::make_shared<const ImageU8>(imageOf(picture)));
        if (m_kept.size() > 16)
            m_kept.pop_front();
        return m_kept.back().second;
    }

private:
    std::vector<fs::path> m_files;
    bool m_color;
    Size m_size;
    std::deque<std::pair<std::int64_t, Frame>> m_kept;
};

class ListSource : public FrameSource<std::uint8_t> {
public:
    std::vector<Frame> list;
    std::int64_t frameCount() const override { return std::int64_t(list.size()); }
    Size frameSize() const override { return list.front()->size(); }
    Result<Frame> frame(std::int64_t index) override { return list[index]; }
};

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

template <typename T>
T need(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

void draw(cv::Mat& picture, const PeopleFrame& people) {
    for (const PersonObservation& p : people.people) {
        for (int y = std::max(0, int(p.box.y0)); y < std::min(picture.rows, int(p.box.y1)); ++y)
            for (int x = std::max(0, int(p.box.x0)); x < std::min(picture.cols, int(p.box.x1)); ++x)
                for (int c = 0; c < 3; ++c) // the body mask is what stays bright
                    picture.at<cv::Vec3b>(y, x)[c] =
                        std::uint8_t(float(picture.at<cv::Vec3b>(y, x)[c]) *
                                     (0.3f + 0.7f * regionMaskAt(p, {x, y}) / 255.f));
        const cv::Scalar color = p.measured ? cv::Scalar(60, 255, 60) : cv::Scalar(255, 60, 60);
        cv::rectangle(picture, cv::Point(int(p.box.x0), int(p.box.y0)),
                      cv::Point(int(p.box.x1), int(p.box.y1)), color, 2);
        char text[40];
        std::snprintf(text, sizeof text, "%d %.2f%s", p.id, double(p.pose.score),
                      p.fullBody ? " full" : "");
        cv::putText(picture, text, cv::Point(int(p.box.x0), int(p.box.y0) + 20),
                    cv::FONT_HERSHEY_SIMPLEX, 0.7, color, 2);
        for (const glm::vec3& l : p.pose.landmarks)
            cv::circle(picture, cv::Point(int(l.x), int(l.y)), 3, cv::Scalar(255, 255, 0),
                       cv::FILLED);
    }
}

cv::Mat overlay(const ImageU8& rgb, const ImageU8* alpha, const PeopleFrame& people) {
    cv::Mat picture = viewOf(rgb).clone();
    for (int y = 0; alpha && y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) {
            auto& c = picture.at<cv::Vec3b>(y, x);
            const float a = float(alpha->at(x, y)) / 255.f;
            for (int i = 0; i < 3; ++i)
                c[i] = std::uint8_t(float(c[i]) * a + (1 - a) * (i == 1 ? 160.f : 40.f));
        }
    if (!alpha)
        draw(picture, people);
    cv::resize(picture, picture, {}, 360.0 / picture.rows, 360.0 / picture.rows, cv::INTER_AREA);
    return picture;
}

void writeSheet(const fs::path& file, const std::vector<cv::Mat>& tiles) {
    std::vector<cv::Mat> rows;
    const std::size_t columns = tiles.empty() || tiles[0].cols > 400 ? 3 : 6;
    for (std::size_t i = 0; i < tiles.size(); i += columns) {
        std::vector<cv::Mat> row(tiles.begin() + std::ptrdiff_t(i),
                                 tiles.begin() +
                                     std::ptrdiff_t(std::min(i + columns, tiles.size())));
        while (row.size() < columns)
            row.push_back(cv::Mat::zeros(tiles[0].size(), tiles[0].type()));
        rows.emplace_back();
        cv::hconcat(row, rows.back());
    }
    cv::Mat sheet;
    cv::vconcat(rows, sheet);
    cv::cvtColor(sheet, sheet, cv::COLOR_RGB2BGR);
    cv::imwrite(file.string(), sheet);
}

std::vector<PeopleFrame> findPeople(const Arguments& a, FolderSource& color) {
    if (!a.people.empty() && fs::exists(a.people))
        return need(unpackPeople(need(readNpz(a.people)), a.people.string()));
    auto detector = need(PersonDetector::load(a.models / "blazepose/pose_detection.tflite"));
    auto estimator = need(PoseEstimator::load(a.models / "blazepose/pose_landmark_heavy.tflite"));
    BlazePoseSensor sensor(detector, estimator);
    PeopleTracker forward(sensor), backward(sensor);
    std::vector<PeopleFrame> people;
    double start = seconds();
    for (std::int64_t i = 0; i < color.frameCount(); ++i)
        std::fflush(stdout), people.push_back(need(forward.process(i, *need(color.frame(i)))));
    std::printf("people: %.1f frames/s", double(people.size()) / (seconds() - start));
    start = seconds();
    for (std::int64_t i = color.frameCount(); a.back && i-- > 0;)
        people[i] = need(backward.processBackward(i, *need(color.frame(i)), people[i]));
    std::printf(", backward %.1f frames/s\n", double(people.size()) / (seconds() - start));
    if (!a.people.empty())
        need(writeNpz(a.people, packPeople(people)));
    return people;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        return 2;
    const Arguments a = parse(argc, argv);
    fs::create_directories(a.out);
    FolderSource color(a.frames, true, a.from, a.to);
    const std::vector<PeopleFrame> people = findPeople(a, color);
    SubjectSurvey survey(color.frameSize());
    std::vector<cv::Mat> peopleTiles, matteTiles;
    for (std::size_t i = 0; i < people.size(); ++i) {
        survey.add(std::int64_t(i), people[i]);
        if (int(i) % a.every == 0)
            peopleTiles.push_back(overlay(*need(color.frame(std::int64_t(i))), nullptr, people[i]));
    }
    for (const PersonSummary& person : survey.people())
        std::printf("%s (%lld frames, %lld full, prominence %.2f)\n", describe(person).c_str(),
                    (long long)person.frames, (long long)person.fullBodyFrames,
                    double(person.prominence));
    writeSheet(a.out / "people.png", peopleTiles);
    if (!a.mattes)
        return 0;
    const PersonSummary subject = need(survey.choose(a.person));
    std::printf("subject: person %d\n", subject.id);

    auto network = need(Matting::load(a.models / "modnet/model.onnx"));
    FolderSource around(a.frames, true, a.from, a.to);
    PlateCue cue(
        around, [&](std::int64_t i) -> Result<PeopleFrame> { return people[i]; }, subject.id);
    SubjectMatte matte([&](const ImageU8& crop, int side) { return network.alpha(crop, side); },
                       subject.id);
    ListSource raw, smooth;
    double cueTime = 0, matteTime = 0, smoothTime = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const auto frame = need(color.frame(std::int64_t(i)));
        double start = seconds();
        PlateEvidence evidence;
        if (a.plate)
            evidence = need(cue.frame(std::int64_t(i)));
        cueTime += seconds() - start;
        start = seconds();
        auto result = need(matte.process(std::int64_t(i), *frame, people[i],
                                         {a.plate ? &evidence : nullptr, nullptr}));
        matteTime += seconds() - start;
        raw.list.push_back(std::make_shared<const ImageU8>(std::move(result.alpha)));
    }
    MatteSmoothing smoothing(color, raw);
    for (std::size_t i = 0; i < people.size(); ++i) {
        const auto frame = need(color.frame(std::int64_t(i)));
        const double start = seconds();
        smooth.list.push_back(
            std::make_shared<const ImageU8>(need(smoothing.frame(std::int64_t(i)))));
        smoothTime += seconds() - start;
        if (int(i) % a.every == 0)
            matteTiles.push_back(overlay(*frame, smooth.list.back().get(), people[i]));
    }
    writeSheet(a.out / "matte.png", matteTiles);
    const double n = double(people.size());
    std::printf("ms per frame: plate %.0f, matte %.0f, smoothing %.0f\n", cueTime / n * 1e3,
                matteTime / n * 1e3, smoothTime / n * 1e3);
    if (a.masks.empty())
        return 0;
    FolderSource truth(a.masks, false, a.from, a.to);
    const MaskReport before = need(scoreMasks(raw, truth)), after = need(scoreMasks(smooth, truth));
    std::printf("raw IoU %.3f precision %.3f recall %.3f outline %.3f | steadied IoU %.3f outline "
                "%.3f, worst %.3f at %lld\n",
                before.mean.iou, before.mean.precision, before.mean.recall, before.mean.boundary,
                after.mean.iou, after.mean.boundary, after.worstIou, (long long)after.worstFrame);
    for (const MaskScore& score : after.frames)
        std::printf("%.2f ", score.iou);
    std::printf("\n");
    return 0;
}

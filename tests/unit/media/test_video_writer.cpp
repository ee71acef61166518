// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/media/numbered_clip.h"

#include "engine/core/atomic_file.h"
#include "engine/media/chunked_source.h"
#include "engine/media/gray_reader.h"
#include "engine/media/input_file.h"
#include "engine/media/segment_joiner.h"

#include <QTest>

#include <csignal>
#include <random>
#include <sys/resource.h>

using namespace strata;
namespace fs = std::filesystem;

class TestVideoWriter : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    fs::path in(const char* name) const { return fs::path(m_dir.path().toStdString()) / name; }

    template <typename T>
    static Image<T> noise(Size size, int channels) {
        std::mt19937 random(3);
        Image<T> image(size.width, size.height, channels);
        for (std::size_t i = 0; i < image.count(); ++i)
            image.data()[i] = T(random());
        return image;
    }

    static ImageU8 smooth(Size size) {
        ImageU8 image(size.width, size.height, 3);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                image.at(x, y, 0) = std::uint8_t(20 + 215 * x / size.width);
                image.at(x, y, 1) = std::uint8_t(20 + 215 * y / size.height);
                image.at(x, y, 2) = std::uint8_t(20 + 215 * (x + y) / (size.width + size.height));
            }
        return image;
    }

    /// First sample and number of samples of the PCM stream, and the time of its first packet in
    /// seconds.
    struct Sound {
        int first = -1;
        std::int64_t samples = 0;
        double time = 0;
    };
    static Sound soundOf(const fs::path& path) {
        Sound sound;
        auto file = *media::openInput(path);
        const int stream = media::findAudioStream(file.get());
        const media::PacketPtr packet = media::newPacket();
        while (stream >= 0 && av_read_frame(file.get(), packet.get()) >= 0) {
            if (packet->stream_index == stream) {
                if (sound.first < 0) {
                    sound.first = packet->data[0] | packet->data[1] << 8;
                    sound.time = double(packet->pts) * av_q2d(file->streams[stream]->time_base);
                }
                sound.samples += packet->size / 2;
            }
            av_packet_unref(packet.get());
        }
        return sound;
    }

private Q_SLOTS:
    void oddSizesAreKept() {
        for (const auto codec : {VideoCodec::H264, VideoCodec::H265}) {
            auto options = clips::small({853, 481});
            options.codec = codec;
            options.preset = "ultrafast";
            options.crf = 10;
            auto writer = *VideoWriter::open(in("odd.mp4"), options);
            const ImageU8 image = smooth(options.size);
            for (int i = 0; i < 4; ++i)
                QVERIFY(writer->write(i, image));
            QVERIFY(writer->finish());
            auto reader = *VideoReader::open(in("odd.mp4"));
            QVERIFY(reader->frameSize() == options.size);
            QCOMPARE(reader->frameCount(), 4);
            QVERIFY(clips::psnr(**reader->frame(3), image) > 40);
        }
    }

    void coloursComeBackUnderEveryMatrixAndRange() {
        const ImageU8 image = smooth({320, 180});
        for (const int matrix : {1, 6, 9})
            for (const bool full : {false, true}) {
                auto options = clips::small(image.size());
                options.crf = 1;
                options.color = {matrix == 9 ? 9 : 1, 1, matrix, full};
                auto writer = *VideoWriter::open(in("tags.mp4"), options);
                QVERIFY(writer->write(0, image));
                QVERIFY(writer->finish());
                auto reader = *VideoReader::open(in("tags.mp4"));
                QVERIFY(reader->info().color == options.color);
                const double quality = clips::psnr(**reader->frame(0), image);
                QVERIFY2(quality > 45, qPrintable(QString::number(quality)));
            }
    }

    void aSecondRoundLosesAlmostNothing() {
        // What came out of 4:2:0 goes back into it: chroma is not blurred a second time.
        auto options = clips::small({160, 96});
        options.crf = 0;
        QVERIFY(clips::make(in("first.mp4"), options, 3));
        auto first = *VideoReader::open(in("first.mp4"));
        auto writer = *VideoWriter::open(in("second.mp4"), options);
        for (int i = 0; i < 3; ++i)
            QVERIFY(writer->write(i, **first->frame(i)));
        QVERIFY(writer->finish());
        auto second = *VideoReader::open(in("second.mp4"));
        const double quality = clips::psnr(**second->frame(2), **first->frame(2));
        QVERIFY2(quality > 45, qPrintable(QString::number(quality)));
    }

    void theSameInputGivesTheSameFile() {
        QVERIFY(clips::make(in("a.mp4"), clips::small({160, 96}), 30));
        QVERIFY(clips::make(in("b.mp4"), clips::small({160, 96}), 30));
        QVERIFY(*readFile(in("a.mp4")) == *readFile(in("b.mp4")));
    }

    void ffv1IsLossless() {
        const Size size{131, 77};
        auto options = clips::small(size);
        options.codec = VideoCodec::Ffv1;
        const auto rgb = noise<std::uint8_t>(size, 3);
        const auto rgba = noise<std::uint8_t>(size, 4);
        const auto gray = noise<std::uint8_t>(size, 1);
        const auto depth = noise<std::uint16_t>(size, 1);
        const auto store = [&](const char* name, PixelStore kind, const auto& image) {
            options.store = kind;
            auto writer = *VideoWriter::open(in(name), options);
            for (int i = 0; i < 3; ++i)
                QVERIFY(writer->write(i, image));
            QVERIFY(writer->finish());
        };
        store("rgb.mkv", PixelStore::Rgb8, rgb);
        store("rgba.mkv", PixelStore::Rgba8, rgba);
        store("gray.mkv", PixelStore::Gray8, gray);
        store("depth.mkv", PixelStore::Gray16, depth);
        QVERIFY(**(*VideoReader::open(in("rgb.mkv")))->frame(2) == rgb);
        QVERIFY(**(*VideoReader::open(in("rgba.mkv")))->frameRgba(2) == rgba);
        QVERIFY(**(*MaskReader::open(in("gray.mkv")))->frame(2) == gray);
        QVERIFY(**(*DepthReader::open(in("depth.mkv")))->frame(2) == depth);
    }

    void chunksReadAsOneClip() {
        auto options = clips::small();
        options.codec = VideoCodec::Ffv1;
        std::vector<fs::path> chunks;
        for (int c = 0; c < 3; ++c) {
            chunks.push_back(in(("chunk" + std::to_string(c) + ".mkv").c_str()));
            QVERIFY(clips::make(chunks.back(), options, c == 2 ? 4 : 10, c * 10));
        }
        ChunkedSource<std::uint8_t> clip(chunks, 10, 24, options.size, openColorChunk);
        for (const int i : {0, 9, 10, 11, 9, 23, 5, 20})
            QCOMPARE(clips::numberIn(**clip.frame(i)), i);
        QVERIFY(!clip.frame(24));
        ChunkedSource<std::uint8_t> longer(chunks, 10, 25, options.size, openColorChunk);
        QVERIFY(!longer.frame(20));
    }

    void segmentsJoinToTheExactWhole() {
        auto options = clips::small();
        options.fps = {24000, 1001};
        std::vector<fs::path> segments;
        std::int64_t total = 0;
        for (const int count : {30, 1, 2, 25, 3}) {
            segments.push_back(in(("part" + std::to_string(segments.size()) + ".mp4").c_str()));
            QVERIFY(clips::make(segments.back(), options, count, total));
            total += count;
        }
        const auto result = joinSegments(segments, in("joined.mp4"), {.fps = options.fps});
        QVERIFY2(bool(result), result ? "" : result.error().message.c_str());
        QCOMPARE(result->frames, total);
        auto reader = *VideoReader::open(in("joined.mp4"));
        QCOMPARE(reader->frameCount(), total);
        QVERIFY(reader->info().fps == options.fps);
        QVERIFY(!reader->info().isVariable);
        QVERIFY(reader->info().startTime == Rational(0));
        for (std::int64_t i = 0; i < total; ++i)
            QCOMPARE(clips::numberIn(**reader->frame(i)), i);
        for (const int i : {60, 30, 31, 2, 33, 32})
            QCOMPARE(clips::numberIn(**reader->frame(i)), i);
        QCOMPARE(reader->damagedFrames(), 0);
    }

    void segmentsOfAnotherSizeAreRefused() {
        QVERIFY(clips::make(in("other.mp4"), clips::small({320, 96}), 5));
        const auto result = joinSegments({in("part0.mp4"), in("other.mp4")}, in("bad.mp4"), {});
        QVERIFY(!result);
        QVERIFY(result.error().message.find("other.mp4") != std::string::npos);
        QVERIFY(!fs::exists(in("bad.mp4")));
    }

    void audioIsCopiedInStep() {
        clips::writeWav(in("sound.wav"), 32000); // 4 s
        auto options = clips::small();
        options.audio = AudioCopy{in("sound.wav"), Rational(1), {}};
        QVERIFY(clips::make(in("sound.mkv"), options, 50)); // 2 s
        const Sound sound = soundOf(in("sound.mkv"));
        // Packets are copied whole, so the first may begin a little before its time says 0.
        const double begins = sound.first / 8000.0 - sound.time;
        QVERIFY2(std::abs(begins - 1.0) < 0.002, qPrintable(QString::number(begins)));
        QVERIFY(std::abs(double(sound.samples) / 8000.0 - 2.0) < 0.3);
        QVERIFY((*VideoReader::open(in("sound.mkv")))->info().hasAudio);
    }

    void audioThatDoesNotFitIsNamed() {
        auto options = clips::small();
        options.audio = AudioCopy{in("sound.wav"), Rational(0), {}};
        auto writer = *VideoWriter::open(in("mute.mp4"), options);
        QVERIFY(writer->audioNote().find("pcm_s16le") != std::string::npos);
        QVERIFY(writer->write(0, clips::numbered(0, options.size)));
        QVERIFY(writer->finish());
        QVERIFY(!(*VideoReader::open(in("mute.mp4")))->info().hasAudio);
    }

    void unfinishedWorkLeavesNothing() {
        QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        {
            auto writer = *VideoWriter::open(folder / "half.mp4", clips::small());
            QVERIFY(writer->write(0, clips::numbered(0, {160, 96})));
            QVERIFY(!writer->write(5, clips::numbered(5, {160, 96})));
            QVERIFY(!writer->write(1, clips::numbered(1, {162, 96})));
        }
        QCOMPARE(clips::entries(folder), std::size_t(0));
    }

    void anUnwritablePlaceIsOneSentence() {
        QVERIFY(writeFileAtomically(in("file"), "x"));
        const auto writer = VideoWriter::open(in("file") / "clip.mp4", clips::small());
        QVERIFY(!writer);
        QCOMPARE(writer.error().code, ErrorCode::Io);
        QVERIFY(writer.error().message.starts_with("Cannot write "));
        QVERIFY(!VideoWriter::open(in("clip.unknown"), clips::small()));
    }

    void aFullDiskIsAnErrorAndLeavesNothing() {
        QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        auto options = clips::small({160, 96});
        options.codec = VideoCodec::Ffv1;
        // A limit on the size of files acts like a disk that fills up.
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{200000, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        Status status = ok();
        {
            auto writer = *VideoWriter::open(folder / "full.mkv", options);
            const auto image = noise<std::uint8_t>(options.size, 3);
            for (int i = 0; status && i < 30; ++i)
                status = writer->write(i, image);
            if (status)
                status = writer->finish();
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::Io);
        QCOMPARE(clips::entries(folder), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestVideoWriter)
#include "test_video_writer.moc"

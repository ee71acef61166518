// SPDX-License-Identifier: Apache-2.0
#include "engine/body/bvh.h"

#include "engine/body/rotations.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace strata {
namespace {

constexpr std::size_t kMaxJoints = 2048;
constexpr int kMaxDepth = 256;
constexpr std::int64_t kMaxFrames = 4'000'000;
constexpr float kRadians = 0.01745329252f;

Error bad(const std::string& what) { return {ErrorCode::BadFormat, "The BVH file " + what + "."}; }

bool sameWord(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

/// Splits the text into words; a colon after a keyword ("Frames:") belongs to the word.
class Words {
public:
    explicit Words(std::string_view text)
        : m_text(text) {}

    std::string_view next() {
        skipSpace();
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && !isSpace(m_text[m_at]))
            ++m_at;
        return m_text.substr(begin, m_at - begin);
    }
    /// The rest of the line; names may hold blanks.
    std::string_view restOfLine() {
        std::size_t end = m_text.find_first_of("\r\n", m_at);
        if (end == std::string_view::npos)
            end = m_text.size();
        std::string_view line = m_text.substr(m_at, end - m_at);
        m_at = end;
        while (!line.empty() && isSpace(line.front()))
            line.remove_prefix(1);
        while (!line.empty() && isSpace(line.back()))
            line.remove_suffix(1);
        return line;
    }
    bool number(double& value) {
        std::string_view word = next();
        if (!word.empty() && word.front() == '+')
            word.remove_prefix(1);
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        return error == std::errc() && end == word.data() + word.size() && std::isfinite(value) &&
               std::abs(value) < 1e9;
    }
    std::size_t left() const { return m_text.size() - m_at; }

private:
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    void skipSpace() {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

Status readOffset(Words& words, BvhJoint& joint) {
    for (int c = 0; c < 3; ++c) {
        double value = 0;
        if (!words.number(value))
            return bad("has an OFFSET that is not three numbers");
        joint.offset[c] = float(value);
    }
    return ok();
}

Status readChannels(Words& words, BvhJoint& joint, BvhFile& file) {
    static constexpr std::string_view kNames[] = {"Xposition", "Yposition", "Zposition",
                                                  "Xrotation", "Yrotation", "Zrotation"};
    double count = 0;
    if (!words.number(count) || count < 0 || count > 6 || count != std::floor(count))
        return bad("has a joint whose number of CHANNELS is not 0 to 6");
    joint.firstChannel = file.channelCount;
    for (int c = 0; c < int(count); ++c) {
        const std::string_view word = words.next();
        const auto found =
            std::find_if(std::begin(kNames), std::end(kNames),
                         [&](std::string_view name) { return sameWord(name, word); });
        if (found == std::end(kNames))
            return bad("has an unknown channel \"" + std::string(word.substr(0, 40)) + "\"");
        joint.channels.push_back(BvhChannel(found - std::begin(kNames)));
    }
    file.channelCount += int(count);
    return ok();
}

Status readHierarchy(Words& words, BvhFile& file) {
    if (!sameWord(words.next(), "HIERARCHY"))
        return bad("does not begin with HIERARCHY");
    std::vector<int> open; // the joints whose braces are open
    int current = -1;      // named, brace still to come
    while (true) {
        const std::string_view word = words.next();
        if (word.empty())
            return bad("ends inside its skeleton");
        if (sameWord(word, "MOTION"))
            break;
        if (sameWord(word, "ROOT") || sameWord(word, "JOINT") || sameWord(word, "End")) {
            if (file.joints.size() >= kMaxJoints || open.size() >= std::size_t(kMaxDepth))
                return bad("has a skeleton of more joints than can be true");
            if (open.empty() != sameWord(word, "ROOT"))
                return bad("has a joint outside the skeleton or more than one root");
            if (open.empty() && !file.joints.empty())
                return bad("has more than one skeleton");
            BvhJoint joint;
            const std::string_view name = words.restOfLine();
            joint.name = sameWord(word, "End") ? std::string() : std::string(name.substr(0, 200));
            joint.parent = open.empty() ? -1 : open.back();
            current = int(file.joints.size());
            file.joints.push_back(std::move(joint));
        } else if (word == "{") {
            if (current < 0)
                return bad("has a brace without a joint");
            open.push_back(current);
            current = -1;
        } else if (word == "}") {
            if (open.empty())
                return bad("closes a brace it never opened");
            open.pop_back();
        } else if (sameWord(word, "OFFSET") && !open.empty()) {
            STRATA_TRY(readOffset(words, file.joints[open.back()]));
        } else if (sameWord(word, "CHANNELS") && !open.empty()) {
            if (!file.joints[open.back()].channels.empty())
                return bad("gives a joint its CHANNELS twice");
            STRATA_TRY(readChannels(words, file.joints[open.back()], file));
        } else {
            return bad("has an unexpected word \"" + std::string(word.substr(0, 40)) + "\"");
        }
    }
    if (!open.empty() || file.joints.empty() || file.channelCount == 0)
        return bad("has no complete skeleton");
    return ok();
}

Status readMotionPart(Words& words, BvhFile& file) {
    double frames = 0;
    std::string_view word = words.next();
    if (sameWord(word, "MOTION")) // some writers say it twice
        word = words.next();
    if (!sameWord(word, "Frames:") || !words.number(frames) || frames < 1 || frames > kMaxFrames ||
        frames != std::floor(frames))
        return bad("has no sensible number of frames");
    if (!sameWord(words.next(), "Frame") || !sameWord(words.next(), "Time:") ||
        !words.number(file.frameTime) || !(file.frameTime > 1e-5) || !(file.frameTime < 100))
        return bad("has no sensible frame time");
    file.frameCount = std::int64_t(frames);
    // Every number takes at least two characters, so the text bounds what is allocated.
    const std::int64_t expected = file.frameCount * file.channelCount;
    if (expected > std::int64_t(words.left() / 2 + 1))
        return bad("ends before its " + std::to_string(file.frameCount) + " frames do");
    file.values.reserve(std::size_t(expected));
    for (std::int64_t i = 0; i < expected; ++i) {
        double value = 0;
        if (!words.number(value))
            return bad("has something other than a number in frame " +
                       std::to_string(i / file.channelCount + 1));
        file.values.push_back(float(value));
    }
    return ok();
}

BvhFramePose pose(const BvhFile& file, const float* row) {
    BvhFramePose result;
    result.rotations.resize(file.joints.size());
    result.positions.resize(file.joints.size());
    for (std::size_t j = 0; j < file.joints.size(); ++j) {
        const BvhJoint& joint = file.joints[j];
        glm::mat3 rotation(1.f);
        glm::vec3 offset = joint.offset;
        bool moved = false;
        for (std::size_t c = 0; row && c < joint.channels.size(); ++c) {
            const float value = row[joint.firstChannel + c];
            const int axis = int(joint.channels[c]) % 3;
            if (joint.channels[c] < BvhChannel::RotationX) {
                // A joint with position channels is placed by them alone.
                if (!moved)
                    offset = glm::vec3(0.f);
                moved = true;
                offset[axis] = value;
            } else {
                glm::vec3 turn(0.f);
                turn[axis] = value * kRadians;
                rotation = rotation * rotationOf(turn);
            }
        }
        if (joint.parent < 0) {
            result.rotations[j] = rotation;
            result.positions[j] = offset;
        } else {
            result.rotations[j] = result.rotations[joint.parent] * rotation;
            result.positions[j] =
                result.positions[joint.parent] + result.rotations[joint.parent] * offset;
        }
    }
    return result;
}

} // namespace

Result<BvhFile> parseBvh(std::string_view text) {
    Words words(text);
    BvhFile file;
    STRATA_TRY(readHierarchy(words, file));
    STRATA_TRY(readMotionPart(words, file));
    return file;
}

BvhFramePose bvhFrame(const BvhFile& file, std::int64_t frame) {
    return pose(file, file.values.data() + frame * file.channelCount);
}

BvhFramePose bvhZeroPose(const BvhFile& file) { return pose(file, nullptr); }

} // namespace strata

// SPDX-License-Identifier: Apache-2.0
#include "engine/body/retarget.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace strata {
namespace {

/// Lower case letters and digits only, without what comes before a colon and without Mixamo's
/// prefix.
std::string plainName(const std::string& name) {
    const std::size_t colon = name.rfind(':');
    std::string plain;
    for (const char c : colon == std::string::npos ? name : name.substr(colon + 1))
        if (std::isalnum(static_cast<unsigned char>(c)))
            plain += char(std::tolower(static_cast<unsigned char>(c)));
    if (plain.starts_with("mixamorig"))
        plain.erase(0, 9);
    return plain;
}

class Finder {
public:
    explicit Finder(const BvhFile& file) {
        for (const BvhJoint& joint : file.joints)
            m_names.push_back(plainName(joint.name));
    }
    int any(std::initializer_list<const char*> names) const {
        for (const char* name : names) {
            const auto found = std::find(m_names.begin(), m_names.end(), name);
            if (found != m_names.end())
                return int(found - m_names.begin());
        }
        return -1;
    }
    /// As any(), with the side put before each name: "left" or "l", and behind it ("thighl").
    int onSide(bool left, std::initializer_list<const char*> names) const {
        const std::string side = left ? "left" : "right", letter = left ? "l" : "r";
        for (const char* name : names) {
            for (const std::string& whole :
                 {side + name, letter + name, name + letter, name + side})
                if (const int found = any({whole.c_str()}); found >= 0)
                    return found;
        }
        return -1;
    }

private:
    std::vector<std::string> m_names;
};

void mapSide(const Finder& find, bool left, std::array<int, kBodyJoints>& map) {
    const int o = left ? 0 : 1; // right joints follow left ones
    map[1 + o] = find.onSide(left, {"upleg", "thigh", "upperleg", "hip"});
    map[4 + o] = find.onSide(left, {"knee", "lowleg", "lowerleg", "shin", "calf", "leg"});
    map[7 + o] = find.onSide(left, {"ankle", "foot"});
    map[10 + o] = find.onSide(left, {"toebase", "toe", "toes"});
    map[18 + o] = find.onSide(left, {"forearm", "elbow", "lowarm", "lowerarm"});
    map[20 + o] = find.onSide(left, {"wrist", "hand"});
    const int arm = find.onSide(left, {"arm", "uparm", "upperarm"});
    const int collar = find.onSide(left, {"collar", "clavicle"});
    const int shoulder = find.onSide(left, {"shoulder"});
    // "LeftShoulder" is the collar bone beside "LeftArm", and the shoulder beside "LeftCollar".
    map[16 + o] = arm >= 0 ? arm : shoulder;
    map[13 + o] = collar >= 0 ? collar : arm >= 0 ? shoulder : -1;
}

std::vector<int> chainBetween(const BvhFile& file, int ancestor, int joint) {
    std::vector<int> chain;
    for (int j = joint; j >= 0 && j != ancestor; j = file.joints[j].parent)
        chain.insert(chain.begin(), j);
    return chain;
}

bool isAncestor(const BvhFile& file, int ancestor, int joint) {
    for (int j = joint; j >= 0; j = file.joints[j].parent)
        if (j == ancestor)
            return true;
    return false;
}

} // namespace

Result<SkeletonMap> mapSkeleton(const BvhFile& file) {
    const Finder find(file);
    SkeletonMap map;
    map.joints.fill(-1);
    mapSide(find, true, map.joints);
    mapSide(find, false, map.joints);
    auto& m = map.joints;
    m[0] = find.any({"hips", "pelvis", "hip", "root"});
    if (m[0] < 0)
        m[0] = 0;
    m[15] = find.any({"head"});
    for (const int needed : {1, 2, 4, 5, 7, 8, 16, 17, 18, 19, 20, 21})
        if (m[needed] < 0)
            return Error{ErrorCode::BadFormat,
                         "The BVH skeleton has no joint that is known as a " +
                             std::string(needed < 3    ? "thigh"
                                         : needed < 6  ? "knee"
                                         : needed < 9  ? "foot"
                                         : needed < 18 ? "shoulder"
                                         : needed < 20 ? "elbow"
                                                       : "hand") +
                             "; joints named as in CMU, Mixamo or Rokoko files are understood."};
    // The chest is the joint that both arms hang on.
    int chest = file.joints[m[16]].parent;
    while (chest >= 0 && !(isAncestor(file, chest, m[17]) && chest != m[13] && chest != m[14]))
        chest = file.joints[chest].parent;
    if (chest < 0 || !isAncestor(file, m[0], chest))
        return Error{ErrorCode::BadFormat,
                     "The BVH skeleton has arms that do not hang on its hips."};
    const std::vector<int> spine = chainBetween(file, m[0], chest);
    for (int k = 0; k < 3 && !spine.empty(); ++k) {
        const int at = int(std::lround(double(k + 1) * double(spine.size()) / 3.0)) - 1;
        m[3 + 3 * k] = at >= 0 ? spine[at] : -1;
    }
    if (m[15] >= 0 && isAncestor(file, chest, m[15])) {
        const std::vector<int> neck = chainBetween(file, chest, m[15]);
        m[12] = neck.size() >= 2 ? neck[neck.size() - 2] : -1;
    }
    return map;
}

} // namespace strata

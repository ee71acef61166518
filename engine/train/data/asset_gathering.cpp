// SPDX-License-Identifier: Apache-2.0
#include "engine/train/data/asset_gathering.h"

#include "engine/train/render/makehuman.h"

#include <algorithm>
#include <numeric>

namespace strata {
namespace fs = std::filesystem;
namespace {

constexpr float kHairGrain = 0.014f; // metres; a pixel of a training clip is about as large
constexpr std::int64_t kPicturePixels = 256 * 256;
constexpr Rational kMotionRate{30};

std::vector<fs::path> entriesOf(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// Names as they may stand in a key.
std::string plainName(const fs::path& path) {
    std::string name = path.stem().string();
    std::replace(name.begin(), name.end(), '/', '_');
    return name;
}

/// Which faces hang together, as the number of one of their vertices.
std::vector<std::uint32_t> piecesOf(const Mesh& mesh) {
    std::vector<std::uint32_t> parent(mesh.vertices.size());
    std::iota(parent.begin(), parent.end(), 0u);
    const auto root = [&](std::uint32_t v) {
        while (parent[v] != v)
            v = parent[v] = parent[parent[v]];
        return v;
    };
    for (const auto& f : mesh.faces) {
        parent[root(f.y)] = root(f.x);
        parent[root(f.z)] = root(f.x);
    }
    std::vector<std::uint32_t> out;
    for (const auto& f : mesh.faces)
        out.push_back(root(f.x));
    return out;
}

/// Shirts and jackets above the waist, trousers and skirts below it; what is one piece is parted
/// there.
std::vector<std::uint8_t> zonesOf(const Mesh& mesh, float waist) {
    const auto pieces = piecesOf(mesh);
    struct Extent {
        float low = 10, high = -10, sum = 0, count = 0;
    };
    std::vector<Extent> extents(mesh.vertices.size());
    for (std::size_t f = 0; f < pieces.size(); ++f)
        for (int k = 0; k < 3; ++k) {
            const float y = mesh.vertices[mesh.faces[f][k]].y;
            Extent& e = extents[pieces[f]];
            e.low = std::min(e.low, y);
            e.high = std::max(e.high, y);
            e.sum += y;
            e.count += 1;
        }
    std::vector<std::uint8_t> zones;
    for (std::size_t f = 0; f < pieces.size(); ++f) {
        const Extent& e = extents[pieces[f]];
        const auto& v = mesh.faces[f];
        const float own =
            (mesh.vertices[v.x].y + mesh.vertices[v.y].y + mesh.vertices[v.z].y) / 3.f;
        const bool whole = e.low < waist - 0.35f && e.high > waist + 0.3f;
        zones.push_back((whole ? own : e.sum / e.count) < waist ? 1 : 0);
    }
    return zones;
}

class Gathering {
public:
    Gathering(const fs::path& data, const PictureReaders& readers, const GatheringLimits& limits,
              const JobContext& job)
        : m_data(data)
        , m_readers(readers)
        , m_limits(limits)
        , m_job(job) {}

    Result<TrainingAssets> run(const fs::path& body) {
        STRATA_ASSIGN(m_assets.body, loadBody(body));
        STRATA_TRY(wear());
        STRATA_TRY(patches());
        STRATA_TRY(places());
        STRATA_TRY(motions());
        for (auto* list : {&m_assets.patches, &m_assets.places})
            std::sort(list->begin(), list->end(),
                      [](const auto& a, const auto& b) { return a.name < b.name; });
        return std::move(m_assets);
    }

private:
    Status step(const std::string& stage, std::size_t done, std::size_t total) const {
        if (m_job.stopRequested())
            return cancelled();
        m_job.progress(stage, std::int64_t(done), std::int64_t(total));
        return ok();
    }

    /// At most `pixels`, sides multiples of 4.
    ImageU8 reduced(const ImageU8& image, std::int64_t pixels) const {
        const double scale =
            std::min(1.0, std::sqrt(double(pixels) / (double(image.width()) * image.height())));
        const auto side = [&](int n) { return std::max(4, int(n * scale + 0.5) / 4 * 4); };
        return m_readers.shrunk(image, {side(image.width()), side(image.height())});
    }

    Status wear() {
        const fs::path folder = m_data / "body" / "makehuman";
        STRATA_ASSIGN(const auto wardrobe, MakeHumanWardrobe::open(folder, m_assets.body));
        auto folders = entriesOf(folder / "clothes");
        const auto hair = entriesOf(folder / "hair");
        const auto clothes = folders.size();
        folders.insert(folders.end(), hair.begin(), hair.end());
        for (std::size_t i = 0; i < folders.size(); ++i) {
            STRATA_TRY(step("clothes and hair", i, folders.size()));
            const std::string name = folders[i].filename().string();
            if (!fs::exists(folders[i] / (name + ".mhclo")))
                continue; // hats come under other names
            STRATA_TRY(wearOne(wardrobe, folders[i], name, i >= clothes));
        }
        return ok();
    }

    Status wearOne(const MakeHumanWardrobe& wardrobe, const fs::path& folder,
                   const std::string& name, bool isHair) {
        WearAsset asset;
        asset.name = name;
        asset.kind = isHair                      ? WearKind::Hair
                     : name.starts_with("shoes") ? WearKind::Shoes
                                                 : WearKind::Suit;
        STRATA_ASSIGN(asset.garment, isHair ? wardrobe.hair(folder) : wardrobe.clothes(folder));
        const fs::path picture = folder / (name + "_diffuse.png");
        if (isHair && !fs::exists(picture))
            return ok(); // its strips cannot be cut into strands
        if (fs::exists(picture)) {
            STRATA_ASSIGN(const ImageU8 rgba, m_readers.picture(picture));
            if (isHair)
                asset.garment = opaqueParts(asset.garment, rgba, kHairGrain);
            const ImageU8 small =
                reduced(rgba, asset.kind == WearKind::Suit ? 4 * kPicturePixels : kPicturePixels);
            asset.picture = BlockPicture::of(small);
        }
        Garment& garment = asset.garment;
        garment.texelsPerMetre =
            texelDensity(garment.mesh, asset.picture.empty() ? 512 : 4 * asset.picture.blocksWide);
        garment.covers =
            isHair ? std::vector<std::uint8_t>(kBodyVertices, 0) : coverOf(m_assets.body, garment);
        asset.zones = zonesOf(garment.mesh, m_assets.body.jointTemplate[0].y + 0.04f);
        m_assets.wear.push_back(std::move(asset));
        return ok();
    }

    /// Squares that lie within one garment of a labelled photo.
    Status patches() {
        constexpr std::uint8_t kCloth[] = {4,  5,  11, 13, 14, 22, 24, 25, 26,
                                           31, 38, 42, 46, 48, 49, 51, 54, 55};
        const fs::path folder = m_data / "people";
        const auto files = entriesOf(folder / "labels");
        for (std::size_t i = 0; i < files.size(); ++i) {
            STRATA_TRY(step("cloth", i, files.size()));
            const fs::path photo = folder / "photos" / (files[i].stem().string() + ".jpg");
            if (!fs::exists(photo) || m_assets.patches.size() >= std::size_t(m_limits.patches))
                continue;
            STRATA_ASSIGN(const ImageU8 labels, m_readers.labels(files[i]));
            int taken = 0;
            for (const auto label : kCloth)
                if (const auto box = squareOf(labels, label); !box.empty() && taken < 2) {
                    STRATA_ASSIGN(const ImageU8 rgba, m_readers.picture(photo));
                    if (rgba.size() != labels.size())
                        break;
                    ImageU8 square(box.width(), box.height(), 3);
                    for (int y = 0; y < box.height(); ++y)
                        for (int x = 0; x < box.width(); ++x)
                            std::copy_n(rgba.pixel(box.x0 + x, box.y0 + y), 3, square.pixel(x, y));
                    const int side = m_limits.patchSide;
                    m_assets.patches.push_back(
                        {plainName(photo) + "/" + std::to_string(taken++),
                         BlockPicture::of(m_readers.shrunk(square, {side, side}))});
                }
        }
        return ok();
    }

    /// The largest square of one label with sides of at least 28 pixels; empty if there is none.
    static RectI squareOf(const ImageU8& labels, std::uint8_t label) {
        std::vector<int> above(std::size_t(labels.width()), 0), now(above.size(), 0);
        int best = 27;
        RectI box;
        for (int y = 0; y < labels.height(); ++y) {
            for (int x = 0; x < labels.width(); ++x) {
                const auto at = std::size_t(x);
                const int left = x > 0 ? now[at - 1] : 0;
                const int corner = x > 0 ? above[at - 1] : 0;
                now[at] = labels.at(x, y) == label
                              ? 1 + std::min({left, corner, x > 0 ? above[at] : 0})
                              : 0;
                if (now[at] > best) {
                    best = now[at];
                    box = {x - best + 1, y - best + 1, x + 1, y + 1};
                }
            }
            std::swap(above, now);
        }
        return box;
    }

    void addPlace(const std::string& name, const ImageU8& image) {
        const std::int64_t width = m_limits.placeWidth;
        const double shape = double(image.height()) / image.width();
        m_assets.places.push_back(
            {name, BlockPicture::of(reduced(image, std::int64_t(width * width * shape)))});
    }

    Status places() {
        const auto photos = entriesOf(m_data / "scenes" / "photos");
        const auto clips = entriesOf(m_data / "scenes" / "clips");
        for (std::size_t i = 0; i < photos.size(); ++i) {
            STRATA_TRY(step("places", i, photos.size() + clips.size()));
            STRATA_ASSIGN(const ImageU8 photo, m_readers.picture(photos[i]));
            const std::string name = plainName(photos[i]);
            addPlace(name + "/0", photo);
            // Two closer parts of it, side by side.
            const int w = photo.width() / 2;
            const int h = photo.height() * 6 / 10;
            for (int k = 0; k < 2; ++k) {
                ImageU8 part(w, h, photo.channels());
                for (int y = 0; y < h; ++y)
                    std::copy_n(photo.pixel(k * (photo.width() - w), y + photo.height() - h),
                                std::size_t(w) * photo.channels(), part.row(y));
                addPlace(name + "/" + std::to_string(k + 1), part);
            }
        }
        for (std::size_t i = 0; i < clips.size(); ++i) {
            STRATA_TRY(step("places", photos.size() + i, photos.size() + clips.size()));
            STRATA_ASSIGN(const auto frames, m_readers.frames(clips[i], m_limits.framesOfClip));
            for (std::size_t k = 0; k < frames.size(); ++k)
                addPlace(plainName(clips[i]) + "/" + std::to_string(k), frames[k]);
        }
        return ok();
    }

    Status motions() {
        std::vector<fs::path> files;
        for (const auto& folder : entriesOf(m_data / "motion" / "cmu"))
            for (const auto& file : entriesOf(folder))
                files.push_back(file);
        for (const auto& file : entriesOf(m_data / "motion" / "animated_drawings"))
            files.push_back(file);
        for (std::size_t i = 0; i < files.size(); ++i) {
            STRATA_TRY(step("motions", i, files.size()));
            if (files[i].extension() != ".bvh")
                continue;
            STRATA_ASSIGN(const Motion motion, readBvh(files[i], m_assets.body));
            Motion regular = resampled(motion, kMotionRate);
            m_assets.motions.push_back({plainName(files[i]), std::move(regular.frames)});
        }
        std::sort(m_assets.motions.begin(), m_assets.motions.end(),
                  [](const auto& a, const auto& b) { return a.name < b.name; });
        return ok();
    }

    fs::path m_data;
    const PictureReaders& m_readers;
    GatheringLimits m_limits;
    const JobContext& m_job;
    TrainingAssets m_assets;
};

} // namespace

Result<TrainingAssets> gatherAssets(const fs::path& data, const fs::path& body,
                                    const PictureReaders& readers, const GatheringLimits& limits,
                                    const JobContext& job) {
    return Gathering(data, readers, limits, job).run(body);
}

} // namespace strata

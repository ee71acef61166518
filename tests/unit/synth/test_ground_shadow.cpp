// SPDX-License-Identifier: Apache-2.0
#include "engine/synth/ground_shadow.h"

#include <QTest>

#include <array>
#include <cmath>
#include <vector>

using namespace strata;

namespace {

/// A shoe of 10 by 8 by 26 centimetres over the ground y = 0, seen by a camera 1.4 m above it that
/// looks 25 degrees down.
class Shoe {
public:
    explicit Shoe(float height) {
        m_request.camera.size = {400, 300};
        m_request.camera.fx = m_request.camera.fy = 500.f;
        m_request.camera.cx = 200.f;
        m_request.camera.cy = 150.f;
        const float down = 0.43f;
        // World: y up, z towards the camera; camera: y down, z away.
        m_request.camera.rotation =
            glm::mat3(glm::vec3(1, 0, 0), glm::vec3(0, -std::cos(down), -std::sin(down)),
                      glm::vec3(0, std::sin(down), -std::cos(down)));
        m_request.camera.translation = -(m_request.camera.rotation * glm::vec3(0, 1.4f, 3.f));
        m_request.ground = FrameRequest::Ground{};
        for (int i = 0; i < 8; ++i)
            m_vertices.push_back(m_request.camera.toCamera(
                {i & 1 ? 0.05f : -0.05f, height + (i & 2 ? 0.08f : 0.f), i & 4 ? 0.13f : -0.13f}));
        addGroundShadow(m_layer, m_vertices, kFaces, m_request, 0.45f);
    }

    /// The shadow on the ground `beside` metres to the right of the shoe's side.
    float at(float beside) const {
        const glm::vec2 p = m_request.camera.project({0.05f + beside, 0.f, 0.f});
        const int x = int(p.x) - m_layer.shadowRegion.x0, y = int(p.y) - m_layer.shadowRegion.y0;
        const bool inside =
            x >= 0 && y >= 0 && x < m_layer.shadow.width() && y < m_layer.shadow.height();
        return inside ? m_layer.shadow.at(x, y) : 0.f;
    }

private:
    static constexpr std::array<std::uint32_t, 36> kFaces{0, 1, 2, 1, 3, 2, 4, 6, 5, 5, 6, 7,
                                                          0, 4, 1, 1, 4, 5, 2, 3, 6, 3, 7, 6,
                                                          0, 2, 4, 2, 6, 4, 1, 5, 3, 3, 5, 7};

    FrameRequest m_request;
    std::vector<glm::vec3> m_vertices;
    HumanLayer m_layer;
};

} // namespace

class TestGroundShadow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theGroundIsDarkerRightBesideAShoe() {
        const Shoe standing(0.f);
        const float near = standing.at(0.05f), far = standing.at(0.4f);
        QVERIFY2(near > 0.09f && near < 0.3f, qPrintable(QString::number(near)));
        QVERIFY2(far < 0.01f, qPrintable(QString::number(far)));
        QVERIFY(standing.at(0.02f) > near);
    }

    void aShoeInTheAirThrowsNone() {
        const float below = Shoe(0.6f).at(0.02f);
        QVERIFY2(below < 0.01f, qPrintable(QString::number(below)));
    }

    void aShoeThatIsLiftedThrowsLess() {
        QVERIFY(Shoe(0.15f).at(0.02f) < 0.7f * Shoe(0.f).at(0.02f));
    }
};

QTEST_APPLESS_MAIN(TestGroundShadow)
#include "test_ground_shadow.moc"

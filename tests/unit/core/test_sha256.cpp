// SPDX-License-Identifier: Apache-2.0
#include "engine/core/sha256.h"

#include <QTest>

using namespace strata;

class TestSha256 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // FIPS 180-4 example messages.
    void matchesThePublishedDigests() {
        QCOMPARE(sha256(""),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256(std::string(1000000, 'a')),
                 std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void piecesMakeNoDifference() {
        const std::string text(777, 'x');
        Sha256 hash;
        for (std::size_t at = 0; at < text.size(); at += 50)
            hash.add(std::string_view(text).substr(at, 50));
        QCOMPARE(hash.hex(), sha256(text));
    }

    void aMissingFileIsNamed() {
        const auto result = sha256File("/nonexistent/file");
        QVERIFY(!result);
        QVERIFY(result.error().message.find("/nonexistent/file") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestSha256)
#include "test_sha256.moc"

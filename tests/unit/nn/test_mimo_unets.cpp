// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/nn/golden_compare.h"

#include "engine/nn/unet/unet.h"

using namespace strata;
using namespace strata::test;
using nn::Formulation;

namespace {

constexpr const char* kSizes[] = {"13x9_f5", "16x16_f5"};

nn::UnetConfig tiny(bool motion) {
    nn::UnetConfig config;
    config.channels = {32, 64, 128, 128};
    config.contextWidth = 32;
    config.inChannels = 8;
    config.motion = motion;
    return config;
}

nn::UnetConfig tinyReference() {
    nn::UnetConfig config = tiny(false);
    config.inChannels = 4;
    return config;
}

/// Compares what a network shows on its way with the arrays "out/mid_<name>".
class Intermediates {
public:
    Intermediates(const ArrayMap& data, std::string label)
        : m_data(data)
        , m_label(std::move(label)) {}

    nn::Probe probe() {
        return [this](const std::string& name, const torch::Tensor& value) { look(name, value); };
    }
    bool good() const { return m_good && m_compared > 0; }
    int compared() const { return m_compared; }

private:
    void look(const std::string& name, const torch::Tensor& value) {
        const auto found = m_data.find("out/mid_" + name);
        if (found == m_data.end())
            return;
        auto wanted = *toTensor(found->second);
        if (wanted.dim() == 5)
            wanted = nn::framesOf(wanted);
        ++m_compared;
        m_good &=
            agrees(m_label + " " + name, nn::repeatedRows(value, wanted.size(0)), wanted, 2e-4);
    }

    const ArrayMap& m_data;
    std::string m_label;
    bool m_good = true;
    int m_compared = 0;
};

nn::ReferenceBank bankOf(const ArrayMap& data, const std::vector<std::string>& names) {
    nn::ReferenceBank bank;
    for (const auto& name : names) // row 0 is of the unconditional half and never used
        bank.tokens.push_back(tensorOf(data, "in/bank_fp16/" + name).narrow(0, 1, 1));
    return bank;
}

} // namespace

class TestMimoUnets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        torch::set_num_threads(1);
        const auto reference = goldenWeights("reference_unet");
        const auto denoiser = goldenWeights("denoising_unet");
        QVERIFY(reference && denoiser);
        LOAD_WEIGHTS(m_reference, *reference, "golden");
        LOAD_WEIGHTS(m_denoiser, *denoiser, "golden");
        LOAD_WEIGHTS(m_still, *denoiser, "golden");
    }

    void referenceNetworkToItsEnd() {
        const c10::InferenceMode inference;
        for (const std::string size : kSizes) {
            const auto data = golden("reference_unet_" + size + ".npz");
            NEEDS(data);
            const auto latent = tensorOf(data, "in/latent").repeat({2, 1, 1, 1});
            Intermediates middle(data, "reference " + size);
            nn::ReferenceBank bank;
            const auto sample = m_reference->forwardPlain(
                latent, tensorOf(data, "in/encoder_hidden_states"), bank, middle.probe());
            QVERIFY(middle.good());
            QVERIFY(agrees("reference " + size + " sample", sample, tensorOf(data, "out/sample"),
                           1e-4));
            const auto names = m_reference->transformerNames();
            QCOMPARE(bank.tokens.size(), names.size());
            for (std::size_t i = 0; i < names.size(); ++i)
                QVERIFY(agrees("reference " + size + " bank " + names[i], bank.tokens[i],
                               tensorOf(data, "out/bank/" + names[i]), 1e-4));
        }
    }

    void referencePassOfOneRowThatStopsEarly() {
        const c10::InferenceMode inference;
        for (const std::string size : kSizes) {
            const auto data = golden("reference_unet_" + size + ".npz");
            NEEDS(data);
            const auto context = tensorOf(data, "in/encoder_hidden_states").narrow(0, 1, 1);
            const auto bank = m_reference->forward(tensorOf(data, "in/latent"), context);
            const auto names = m_reference->transformerNames();
            QCOMPARE(bank.tokens.size(), names.size());
            for (std::size_t i = 0; i < names.size(); ++i)
                QVERIFY(agrees("saved reference " + size + " " + names[i], bank.tokens[i],
                               tensorOf(data, "out/bank/" + names[i]).narrow(0, 1, 1), 1e-4));
        }
    }

    void denoiserAlone() {
        for (const std::string size : kSizes)
            for (const auto formulation : {Formulation::Saved, Formulation::Plain})
                alone(m_denoiser, "denoising_unet_alone_" + size, formulation, 15);
    }

    void denoiserWithoutMotionModules() {
        for (const std::string size : kSizes)
            alone(m_still, "denoising_unet_nomotion_" + size, Formulation::Saved, 1);
    }

    void denoiserUnderGuidance_data() {
        QTest::addColumn<QString>("size");
        QTest::addColumn<bool>("plain");
        for (const char* size : {"13x9_f5", "16x16_f5", "12x10_f24"})
            for (const bool plain : {false, true})
                QTest::addRow("%s %s", size, plain ? "plain" : "saved") << size << plain;
    }

    void denoiserUnderGuidance() {
        QFETCH(QString, size);
        QFETCH(bool, plain);
        const auto data = golden("denoising_unet_read_" + size.toStdString() + ".npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        const std::string label = "read " + size.toStdString() + (plain ? " plain" : " saved");
        const auto formulation = plain ? Formulation::Plain : Formulation::Saved;
        const auto run = [&](const nn::ReferenceBank& bank, const nn::Probe& probe) {
            const auto conditions = m_denoiser->prepare(
                &bank, tensorOf(data, "in/encoder_hidden_states"), 2, 1, formulation);
            return m_denoiser->forward(tensorOf(data, "in/sample"), tensorOf(data, "in/timestep"),
                                       tensorOf(data, "in/pose_cond_fea"), conditions, probe);
        };
        Intermediates middle(data, label);
        const auto stored = bankOf(data, m_denoiser->transformerNames());
        const auto sample = tensorOf(data, "out/sample");
        QVERIFY(agrees(label + " stored bank", run(stored, middle.probe()), sample, 3e-5));
        QVERIFY(middle.good());

        const auto context = tensorOf(data, "in/encoder_hidden_states").narrow(0, 1, 1);
        auto own = m_reference->forward(tensorOf(data, "in/ref_latent"), context);
        QVERIFY(agrees(label + " own bank", run(own, {}), tensorOf(data, "out_bank_fp32/sample"),
                       5e-5));
        own.roundToHalf();
        QVERIFY(agrees(label + " own bank in half precision", run(own, {}), sample, 3e-4));
    }

private:
    void alone(nn::DenoisingUnet& network, const std::string& name, Formulation formulation,
               int intermediates) {
        const auto data = golden(name + ".npz");
        NEEDS(data);
        const c10::InferenceMode inference;
        Intermediates middle(data, name);
        const auto conditions = network->prepare(
            nullptr, tensorOf(data, "in/encoder_hidden_states"), 1, 0, formulation);
        const auto given =
            network->forward(tensorOf(data, "in/sample"), tensorOf(data, "in/timestep"),
                             tensorOf(data, "in/pose_cond_fea"), conditions, middle.probe());
        QVERIFY(middle.good());
        QCOMPARE(middle.compared(), intermediates);
        QVERIFY(agrees(name, given, tensorOf(data, "out/sample"), 3e-5));
    }

    nn::ReferenceUnet m_reference{tinyReference()};
    nn::DenoisingUnet m_denoiser{tiny(true)}, m_still{tiny(false)};
};

QTEST_GUILESS_MAIN(TestMimoUnets)
#include "test_mimo_unets.moc"

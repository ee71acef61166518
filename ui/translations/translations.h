// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTranslator>

namespace strata::ui {

/// The editor's texts in the user's language, and Qt's own beside them, for as long as this lives.
/// Made before the first widget: what is shown already keeps its language. GUI thread.
class Translations {
public:
    /// `language` is a name such as "zh_CN"; empty stands for the system's languages. One that is
    /// not there becomes English.
    explicit Translations(const QString& language);

    /// Such as "zh_CN"; empty when the program was built without translations.
    QString language() const { return m_texts.language(); }

private:
    QTranslator m_texts, m_qt;
};

} // namespace strata::ui

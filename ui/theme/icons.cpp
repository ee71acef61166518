// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>

// Outside every namespace, as Qt asks.
static void initIconResources() { Q_INIT_RESOURCE(strata_icons); }

namespace strata::ui {
namespace {

struct NamedIcon {
    Icon icon;
    const char* name;
};

// In the order of the enumeration.
constexpr std::array kIcons{
    NamedIcon{Icon::Play, "play"},
    NamedIcon{Icon::PlayBack, "play-back"},
    NamedIcon{Icon::Pause, "pause"},
    NamedIcon{Icon::Stop, "stop"},
    NamedIcon{Icon::StepForward, "step-forward"},
    NamedIcon{Icon::StepBack, "step-back"},
    NamedIcon{Icon::ToStart, "to-start"},
    NamedIcon{Icon::ToEnd, "to-end"},
    NamedIcon{Icon::Loop, "loop"},
    NamedIcon{Icon::MarkIn, "mark-in"},
    NamedIcon{Icon::MarkOut, "mark-out"},
    NamedIcon{Icon::Marker, "marker"},
    NamedIcon{Icon::MarkerPrevious, "marker-previous"},
    NamedIcon{Icon::MarkerNext, "marker-next"},
    NamedIcon{Icon::Snap, "snap"},
    NamedIcon{Icon::ZoomIn, "zoom-in"},
    NamedIcon{Icon::ZoomOut, "zoom-out"},
    NamedIcon{Icon::ZoomFit, "zoom-fit"},
    NamedIcon{Icon::Eye, "eye"},
    NamedIcon{Icon::EyeOff, "eye-off"},
    NamedIcon{Icon::Lock, "lock"},
    NamedIcon{Icon::Unlock, "unlock"},
    NamedIcon{Icon::Solo, "solo"},
    NamedIcon{Icon::Trash, "trash"},
    NamedIcon{Icon::Plus, "plus"},
    NamedIcon{Icon::Minus, "minus"},
    NamedIcon{Icon::Close, "close"},
    NamedIcon{Icon::Person, "person"},
    NamedIcon{Icon::Scene, "scene"},
    NamedIcon{Icon::Occluder, "occluder"},
    NamedIcon{Icon::Motion, "motion"},
    NamedIcon{Icon::Picture, "picture"},
    NamedIcon{Icon::Film, "film"},
    NamedIcon{Icon::Folder, "folder"},
    NamedIcon{Icon::Save, "save"},
    NamedIcon{Icon::Undo, "undo"},
    NamedIcon{Icon::Redo, "redo"},
    NamedIcon{Icon::Search, "search"},
    NamedIcon{Icon::Settings, "settings"},
    NamedIcon{Icon::Info, "info"},
    NamedIcon{Icon::Ok, "ok"},
    NamedIcon{Icon::Warning, "warning"},
    NamedIcon{Icon::Error, "error"},
    NamedIcon{Icon::Cancel, "cancel"},
    NamedIcon{Icon::Render, "render"},
    NamedIcon{Icon::Split, "split"},
    NamedIcon{Icon::Layers, "layers"},
    NamedIcon{Icon::Cube, "cube"},
    NamedIcon{Icon::Skeleton, "skeleton"},
    NamedIcon{Icon::Link, "link"},
    NamedIcon{Icon::Volume, "volume"},
    NamedIcon{Icon::VolumeOff, "volume-off"},
    NamedIcon{Icon::Menu, "menu"},
};

constexpr auto kAll = [] {
    std::array<Icon, kIcons.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = kIcons[i].icon;
    return all;
}();

constexpr bool isInOrder() {
    for (std::size_t i = 0; i < kAll.size(); ++i)
        if (kAll[i] != Icon(i))
            return false;
    return kAll.back() == Icon::Menu;
}
static_assert(isInOrder());

QByteArray svgOf(const QString& name) {
    initIconResources();
    QFile file(":/strata/icons/" + name + ".svg");
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap render(const QByteArray& svg, QSize pixels) {
    QPixmap pixmap(pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    const int side = std::min(pixels.width(), pixels.height());
    renderer.render(&painter, QRectF((pixels.width() - side) / 2.0, (pixels.height() - side) / 2.0,
                                     side, side));
    return pixmap;
}

/// `pixels` in device pixels; pixel ratio 1.
QPixmap tinted(Icon icon, QSize pixels, const QColor& color) {
    const QString key = QString("strata-icon-%1-%2x%3-%4")
                            .arg(int(icon))
                            .arg(pixels.width())
                            .arg(pixels.height())
                            .arg(color.rgba(), 8, 16, QLatin1Char('0'));
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = svgOf(iconName(icon));
    svg.replace("currentColor", color.name().toLatin1());
    pixmap = render(svg, pixels);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class ThemeIconEngine : public QIconEngine {
public:
    ThemeIconEngine(Icon icon, std::optional<QColor> tint)
        : m_icon(icon)
        , m_tint(std::move(tint)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, tinted(m_icon, rect.size() * ratio, color(mode)));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return tinted(m_icon, size, color(mode));
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
        QPixmap pixmap = tinted(m_icon, size, color(mode));
        pixmap.setDevicePixelRatio(scale);
        return pixmap;
    }
    QString key() const override { return "strata-icon"; }
    QString iconName() override { return ui::iconName(m_icon); }
    bool isNull() override { return false; }
    QIconEngine* clone() const override { return new ThemeIconEngine(*this); }

private:
    QColor color(QIcon::Mode mode) const {
        const ThemeColors& colors = themeColors(QGuiApplication::palette());
        if (mode == QIcon::Disabled)
            return colors.textDisabled;
        if (m_tint)
            return *m_tint;
        return mode == QIcon::Selected ? colors.accentText : colors.text;
    }

    Icon m_icon;
    std::optional<QColor> m_tint;
};

} // namespace

QIcon themeIcon(Icon icon, std::optional<QColor> tint) {
    return QIcon(new ThemeIconEngine(icon, std::move(tint)));
}

QPixmap iconPixmap(Icon icon, int size, const QColor& color, double pixelRatio) {
    const int side = qRound(size * pixelRatio);
    QPixmap pixmap = tinted(icon, {side, side}, color);
    pixmap.setDevicePixelRatio(pixelRatio);
    return pixmap;
}

QIcon applicationIcon() {
    QIcon icon;
    const QByteArray svg = svgOf("strata-studio");
    for (const int side : {16, 24, 32, 48, 64, 128, 256})
        icon.addPixmap(render(svg, {side, side}));
    return icon;
}

QString iconName(Icon icon) { return QLatin1String(kIcons[std::size_t(icon)].name); }

std::span<const Icon> allIcons() { return kAll; }

} // namespace strata::ui

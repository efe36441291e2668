using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Darkroom.Server.Commands.Top;

/// <summary>What a frame looks like.</summary>
internal static class TopStyle
{
    public static readonly Style Title = new(decoration: Decoration.Bold), Quiet = new(foreground: Color.Grey), Wrong = new(foreground: Color.Red);

    private static readonly Style Full = new(foreground: Color.Green), High = new(foreground: Color.Yellow), Empty = new(foreground: Color.Grey);

    public static Table Table(params string[] headings)
    {
        var table = new Table { Border = TableBorder.None, Expand = false };
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading, Quiet)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    /// <summary>A bar and its percentage.</summary>
    /// <param name="share">0…1</param>
    /// <param name="width">Letters of the bar.</param>
    public static IRenderable Bar(double share, int width)
    {
        share = Math.Clamp(double.IsNaN(share) ? 0 : share, 0, 1);
        int full = (int)Math.Round(share * width);
        return new Paragraph()
            .Append(new string('#', full), share > 0.9 ? High : Full).Append(new string('.', width - full), Empty)
            .Append(string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0} %"));
    }

    /// <summary>Letters of a bar in a terminal of this width.</summary>
    public static int BarWidth(int width) => width >= 100 ? 20 : width >= 70 ? 10 : 4;
}

/// <summary>Numbers as people read them.</summary>
internal static class TopText
{
    public static string Time(double seconds) => seconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 48 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        < 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GiB"),
    };

    public static string Of(long bytes, long? limit) => limit is { } most ? $"{Bytes(bytes)} of {Bytes(most)}" : Bytes(bytes);

    /// <summary>As much of a text as there is room for; nothing where that is next to none.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : most < 4 ? "" : text[..(most - 1)] + "…";

    /// <summary>Enough of an id to find it.</summary>
    public static string Short(string id) => id.Length <= 12 ? id : id[..12];
}

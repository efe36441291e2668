using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Darkroom.Server.Configuration.Rows;

/// <summary>A number of a range; a whole one where its type is.</summary>
/// <param name="min">The smallest that may be.</param>
/// <param name="max">The largest.</param>
/// <param name="unit">What it counts; empty: nothing.</param>
internal sealed class NumberKind<T>(T min, T max, string unit = "") : SettingKind<T> where T : struct, INumber<T>
{
    private static readonly bool IsWhole = T.CreateTruncating(0.5) == T.Zero;

    public override string Values => unit.Length == 0 ? Range : $"{Range}, {unit}";

    public override string Rule => $"must be a {Range}";

    private string Range => string.Create(CultureInfo.InvariantCulture, $"{(IsWhole ? "whole " : "")}number of {min}…{max}");

    public override bool TryRead(string text, string home, out T value)
    {
        value = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given)) return false;
        if (!(given >= double.CreateChecked(min) && given <= double.CreateChecked(max)) || (IsWhole && given != Math.Floor(given))) return false;
        value = T.CreateChecked(given);
        return true;
    }

    public override string Write(T value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A value that may be absent.</summary>
internal sealed class OptionalKind<T>(SettingKind<T> kind) : SettingKind<T?> where T : struct
{
    public override string Values => kind.Values;

    public override string Rule => kind.Rule;

    public override bool TryRead(string text, string home, [MaybeNullWhen(false)] out T? value)
    {
        bool isRight = kind.TryRead(text, home, out var given);
        value = given;
        return isRight;
    }

    public override string? Write(T? value) => value is { } given ? kind.Write(given) : null;
}

using System.Globalization;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>A time within a name: milliseconds of Unix time, 12 hex digits. Names sort by it.</summary>
internal static class StoredTime
{
    public const int Digits = 12;

    public static string Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != Digits || !StoredId.IsHex(text)) return false;
        long milliseconds = long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}

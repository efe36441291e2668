namespace Darkroom.Server.Configuration.Rows;

/// <summary>One of a few names.</summary>
internal sealed class ChoiceKind<T> : SettingKind<T> where T : struct, Enum
{
    private static readonly string Names = string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();

    public override string Values => $"one of: {Names}";

    public override string Rule => $"must be one of: {Names}";

    public override bool TryRead(string text, string home, out T value)
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (!string.Equals(known.ToString(), text, StringComparison.OrdinalIgnoreCase)) continue;
            value = known;
            return true;
        }
        value = default;
        return false;
    }

    public override string Write(T value) => value.ToString().ToLowerInvariant();
}

/// <summary>Yes or no.</summary>
internal sealed class FlagKind : SettingKind<bool>
{
    public override string Values => "true or false";

    public override string Rule => "must be true or false";

    public override bool TryRead(string text, string home, out bool value) => bool.TryParse(text, out value);

    public override string Write(bool value) => value ? "true" : "false";
}

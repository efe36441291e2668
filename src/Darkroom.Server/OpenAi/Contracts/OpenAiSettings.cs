namespace Darkroom.Server.OpenAi.Contracts;

/// <summary>What an operator says of the surface that speaks OpenAI's API.</summary>
/// <param name="Enabled">Whether it is there.</param>
/// <param name="Models">From names of other servers' models to ids of this one's.</param>
internal sealed record OpenAiSettings(bool Enabled, ModelNames Models)
{
    /// <summary>Where nothing is said.</summary>
    public static OpenAiSettings Usual { get; } = new(true, new ModelNames([]));
}

/// <summary>Names of models that stand for others.</summary>
/// <param name="All">A name, and the id that it stands for; each name once.</param>
internal sealed record ModelNames(IReadOnlyList<KeyValuePair<string, string>> All)
{
    /// <summary>The id that a name stands for: its own where the operator gave it no other.</summary>
    public string Of(string name)
    {
        foreach (var (known, id) in All)
            if (known == name) return id;
        return name;
    }

    /// <summary>From <c>name=id</c> with commas between; null where the text is none, or names one twice.</summary>
    public static ModelNames? Parse(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, { Length: > 0 } id]) return null;
            if (pairs.Any(pair => pair.Key == name)) return null;
            pairs.Add(new(name, id));
        }
        return new(pairs);
    }

    public override string ToString() => string.Join(",", All.Select(pair => $"{pair.Key}={pair.Value}"));
}

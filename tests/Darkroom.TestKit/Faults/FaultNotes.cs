using System.Globalization;

namespace Darkroom.TestKit.Faults;

/// <summary>What a scenario did, counted and found. Callers may write to it at one time.</summary>
public sealed class FaultNotes
{
    private readonly Lock gate = new();
    private readonly List<string> figures = [], findings = [];

    /// <summary>What was measured and counted, in the order it was.</summary>
    public IReadOnlyList<string> Figures => figures;

    /// <summary>Whatever was not as it must be.</summary>
    public IReadOnlyList<string> Findings => findings;

    /// <summary>Why it could not be done here; null: it was.</summary>
    public string? Skipped { get; private set; }

    public void Figure(FormattableString figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        lock (gate) figures.Add(figure.ToString(CultureInfo.InvariantCulture));
    }

    public void Find(string finding)
    {
        lock (gate) findings.Add(finding);
    }

    public void Check(bool holds, string finding)
    {
        if (!holds) Find(finding);
    }

    public void Skip(string reason) => Skipped = reason;
}

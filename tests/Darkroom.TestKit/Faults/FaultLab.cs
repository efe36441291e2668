using System.Diagnostics;

namespace Darkroom.TestKit.Faults;

/// <summary>All scenarios, and how one is run.</summary>
public static class FaultLab
{
    public static IReadOnlyList<IFaultScenario> All { get; } =
    [
        new KillScenario(), new StopScenario(), new DiskScenario(), new ClockScenario(), new DatabaseScenario(), new ObjectsScenario(), new SocketScenario(),
        new SoakScenario(),
    ];

    private const int MaxFinding = 3000; // letters: a server may have written a lot

    /// <summary>Runs it to its end; what it throws is a finding.</summary>
    public static async Task<FaultOutcome> RunAsync(IFaultScenario scenario, FaultScale scale)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var (notes, clock) = (new FaultNotes(), Stopwatch.StartNew());
        try
        {
            await scenario.RunAsync(scale, notes);
        }
        catch (Exception e)
        {
            notes.Find(e.ToString() is { Length: > MaxFinding } text ? text[..MaxFinding] + "…" : e.ToString());
        }
        return new FaultOutcome(scenario, notes, clock.Elapsed);
    }
}

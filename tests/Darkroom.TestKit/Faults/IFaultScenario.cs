namespace Darkroom.TestKit.Faults;

/// <summary>One way to harm a real server over real HTTP, and what must hold all the same.</summary>
public interface IFaultScenario
{
    string Name { get; }

    /// <summary>What is done, in a sentence.</summary>
    string Does { get; }

    Task RunAsync(FaultScale scale, FaultNotes notes);
}

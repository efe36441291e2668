using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>How the contract's tests get a store: each adapter writes one of these, and one line for each group of tests.</summary>
public interface IStoreUnderTest
{
    /// <summary>A new and empty store.</summary>
    IJobStore Open(int maxQueued, TimeProvider time, int keptFinished);

    /// <summary>Whether jobs are there for another process when this one has stopped.</summary>
    bool OutlivesProcess { get; }
}

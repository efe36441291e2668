using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>How the contract's tests get a store: each adapter writes one of these, and one line for each group of tests.</summary>
public interface IStoreUnderTest
{
    /// <summary>A new and empty store.</summary>
    IJobStore Open(TimeProvider time);

    /// <summary>The same jobs, as the next process opens them after one that died; of a store that ends with the process the store itself.</summary>
    IJobStore Reopen(IJobStore store);

    /// <summary>The store is not used any more.</summary>
    void Close(IJobStore store);

    /// <summary>What accounts used in the store.</summary>
    IUsageBook UsageOf(IJobStore store) => Assert.IsAssignableFrom<IUsageBook>(store);

    /// <summary>Whether one process at a time may use the store: what another one held is lost with it, whatever its lease says.</summary>
    bool IsExclusive { get; }

    /// <summary>Whether jobs are there for another process when this one has stopped.</summary>
    bool OutlivesProcess { get; }
}

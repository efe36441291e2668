namespace Darkroom.Engine.Workers;

/// <summary>Where workers hang out their cards. It belongs to the store of jobs that several processes share.</summary>
public interface IWorkerBoard
{
    /// <summary>Hangs a worker's card in the place of its earlier one.</summary>
    /// <param name="card">The card.</param>
    /// <param name="lease">How long the worker counts as alive without another one.</param>
    ValueTask PublishAsync(WorkerCard card, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Says that a worker lives, whose card is what it was.</summary>
    /// <returns>Whether its card still hangs.</returns>
    ValueTask<bool> ProlongAsync(string id, TimeSpan lease, CancellationToken cancellation);

    /// <summary>A worker stops.</summary>
    ValueTask RemoveAsync(string id, CancellationToken cancellation);

    /// <summary>The cards of all workers that live.</summary>
    ValueTask<IReadOnlyList<WorkerCard>> LiveAsync(CancellationToken cancellation);
}

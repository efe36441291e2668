using Darkroom.Storage.Live;

namespace Darkroom.Storage.Sqlite;

/// <summary>Something that waits for the writer's thread.</summary>
internal abstract class StoreOperation
{
    /// <summary>Decides; another time where the commit failed.</summary>
    public abstract void Decide(Draft draft);

    /// <summary>What was decided is committed.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception reason);
}

internal sealed class StoreOperation<T>(Func<Draft, T> decide) : StoreOperation
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T outcome = default!;

    public Task<T> Outcome => completion.Task;

    public override void Decide(Draft draft) => outcome = decide(draft);

    public override void Complete() => completion.TrySetResult(outcome);

    public override void Fail(Exception reason) => completion.TrySetException(reason);
}

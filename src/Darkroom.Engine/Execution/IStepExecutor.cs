using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>Runs one planned batch on a device. It decides nothing: rows, order and batch are given.</summary>
internal interface IStepExecutor
{
    /// <summary>Runs the batch and leaves each row's values in the row. One call at a time; each worker of a device has an executor of its own.</summary>
    /// <exception cref="Models.Sessions.GraphException">The call failed as a whole.</exception>
    StepResult Run(Batch batch, IRowTable rows);
}

/// <summary>The rows in flight, by number.</summary>
internal interface IRowTable
{
    Row this[int number] { get; }
}

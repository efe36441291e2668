using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Engine.Execution;

/// <summary>Runs one planned batch on a device. It decides nothing: rows, order and batch are given.</summary>
internal interface IStepExecutor
{
    /// <summary>Runs the batch and leaves each row's values in the row. One batch at a time; each worker of a device has an executor of its own.</summary>
    /// <exception cref="Models.Sessions.GraphException">The call failed as a whole.</exception>
    StepResult Run(Batch batch, IStageTable stages);
}

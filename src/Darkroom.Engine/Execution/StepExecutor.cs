using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Engine.Execution;

/// <summary>Runs batches as their stage does.</summary>
internal sealed class StepExecutor : IStepExecutor
{
    public StepResult Run(Batch batch, IStageTable stages) => stages[batch.Evaluations[0].Row].Run(batch, stages);
}

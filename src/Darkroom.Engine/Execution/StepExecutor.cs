using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Engine.Execution;

/// <summary>Runs batches as their stage does, each in memory that was set aside for it.</summary>
internal sealed class StepExecutor : IStepExecutor
{
    public StepResult Run(Batch batch, IStageTable stages)
    {
        var stage = stages[batch.Evaluations[0].Row];
        var room = stage.Part?.BeginCall(batch.Bytes) ?? default;
        try
        {
            return stage.Run(batch, stages);
        }
        finally
        {
            batch.Peak = room.End();
        }
    }
}

using System.Numerics.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Looks at what a network answered for each evaluation of a batch. It can answer NaN or infinity for one of them (an overflow in float16, a broken graph):
/// that evaluation fails, its neighbours do not, and no picture is made of it. Colours are never judged.
/// </summary>
internal struct AnswerCheck
{
    private List<FailedEvaluation>? failures;

    /// <summary>What became of the batch.</summary>
    public readonly StepResult Result => failures is null ? StepResult.Passed : new StepResult(failures);

    /// <summary>Whether all values are finite.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values) => values.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(values));

    /// <param name="evaluation">It failed.</param>
    /// <param name="detail">Which values are not finite.</param>
    public void Fail(in Evaluation evaluation, string detail) =>
        (failures ??= []).Add(new FailedEvaluation(evaluation, new JobFailure(JobFailureKind.NonFinite, detail)));
}

using Darkroom.Diffusion.Prompts;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Engine.Jobs;

/// <summary>What a request's prompts say at each step.</summary>
internal static class RequestPrompts
{
    /// <remarks>A second pass counts the steps that it runs, behind those of the first.</remarks>
    public static PromptPlan PlanOf(GenerationRequest request)
    {
        if (request.Classify is { } classify) return PromptPlan.SideBySide(classify.Candidates, request.Steps);
        int steps = request.Continues is null ? request.Steps : Math.Max(1, request.StepsRun), calls = CallsPerStep(request);
        return request.PromptStyle == PromptStyle.Weighted
            ? PromptPlan.Weighted(request.Prompt, request.NegativePrompt ?? "", steps * calls, request.IsGuided, request.StepsBefore * calls)
            : PromptPlan.Plain(request.Prompt, request.IsGuided ? request.NegativePrompt ?? "" : null, steps);
    }

    /// <summary>
    /// Where a plan is asked for a call. A1111 counts calls from 0 and reads a text up to the one of its last step, so once more than it says; with samplers
    /// of two calls a step it counts twice as many.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="step">Of the sampler.</param>
    /// <param name="calls">Made before this one.</param>
    public static int PlaceOf(GenerationRequest request, int step, int calls) =>
        request.Compatibility == Compatibility.A1111 ? Math.Max(calls - 1, 0) : step;

    private static int CallsPerStep(GenerationRequest request) =>
        request is { Compatibility: Compatibility.A1111, Sampler: { } name } && SamplerCatalog.Find(name) is { CallsPerStep: 2 } ? 2 : 1;
}

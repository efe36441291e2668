using Darkroom.Diffusion.Prompts;

namespace Darkroom.Engine.Jobs;

/// <summary>What a request's prompts say at each step.</summary>
internal static class RequestPrompts
{
    public static PromptPlan PlanOf(GenerationRequest request) => request.PromptStyle == PromptStyle.Weighted
        ? PromptPlan.Weighted(request.Prompt, request.NegativePrompt ?? "", request.Steps, request.IsGuided)
        : PromptPlan.Plain(request.Prompt, request.IsGuided ? request.NegativePrompt ?? "" : null, request.Steps);
}

using System.Text;
using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Estimates;

/// <summary>
/// What a request's texts ask of a model: how many lanes of guidance, how many different texts, how many tokens each at most. No tokenizer is asked.
/// </summary>
/// <param name="Lanes">Evaluations of the network at every step.</param>
/// <param name="Texts">Different texts that are read at any step; all are padded to one length.</param>
/// <param name="Tokens">Of the longest, at most: a token is never less than a byte, and every BREAK may cost a chunk.</param>
internal readonly record struct TextLoad(int Lanes, int Texts, long Tokens)
{
    public static TextLoad Of(GenerationRequest request, int tokenLength)
    {
        var plan = RequestPrompts.PlanOf(request);
        long chunks = request.PromptStyle == PromptStyle.Plain ? 1 : plan.Texts.Max(text => Chunks(text, Math.Max(1, tokenLength - 2)));
        return new(plan.Lanes, plan.Texts.Count, chunks * tokenLength);
    }

    private static long Chunks(string text, int room) =>
        PromptAttention.Parse(text).Count(piece => piece.IsBreak) + 1 + Encoding.UTF8.GetByteCount(text) / room;
}

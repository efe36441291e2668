using System.Text;
using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Estimates;

/// <summary>
/// What a request's texts ask of a model: how many lanes of guidance, how many different texts, how many tokens each at most. No tokenizer is asked.
/// </summary>
/// <param name="Lanes">Evaluations of the network at every step.</param>
/// <param name="Texts">Different texts that are read at any step; all are padded to one length.</param>
/// <param name="Tokens">
/// Of the longest, at most: a token is never less than a byte, but for those of textual inversions, and every BREAK may cost a chunk.
/// </param>
internal readonly record struct TextLoad(int Lanes, int Texts, long Tokens)
{
    /// <summary>Texts of the negative prompt among them.</summary>
    public int NegativeTexts { get; private init; }

    /// <summary>Evaluations that a call has to take at once.</summary>
    public int Together { get => field > 0 ? field : Lanes; private init; }

    /// <param name="request">The request.</param>
    /// <param name="tokenLength">Of a chunk, start and end included.</param>
    public static TextLoad Of(GenerationRequest request, int tokenLength)
    {
        var plan = RequestPrompts.PlanOf(request);
        long chunks = 1;
        if (request.PromptStyle == PromptStyle.Weighted)
            foreach (var text in plan.Texts.Append(request.Prompt2).Append(request.NegativePrompt2).OfType<string>())
                chunks = Math.Max(chunks, Chunks(text, request.EmbeddingTokens, tokenLength - 2));
        else if (request.PromptStyle == PromptStyle.Comfyui)
            foreach (var text in plan.Texts.Append(request.Prompt2).Append(request.NegativePrompt2).OfType<string>())
                chunks = Math.Max(chunks, 1 + ComfyChunks(text, request.EmbeddingTokens, tokenLength - 2)); // and the empty one that weights turn away from
        int negative = plan.Ranges.Select(range => range.Negative).OfType<int>().Distinct().Count();
        // One text that both prompts have is two where layers are left out of one of them.
        int positive = plan.Ranges.SelectMany(range => range.Parts).Select(part => part.Text).Distinct().Count();
        int lanes = request.Measures ? request.Lanes : plan.Lanes + (request.Lanes == 3 ? 1 : 0);
        return new(lanes, positive + negative, chunks * tokenLength)
        {
            NegativeTexts = negative,
            Together = request.Measures ? request.LanesTogether : lanes,
        };
    }

    /// <summary>Chunks of a text in ComfyUI's style at most: a short piece, or an inversion, begins the next one where it does not fit.</summary>
    private static long ComfyChunks(string text, int embeddingTokens, int room) =>
        1 + (Encoding.UTF8.GetByteCount(text) + embeddingTokens) / Math.Max(1, room - ComfyChunker.Large + 1);

    /// <summary>Chunks of a text at most.</summary>
    private static long Chunks(string text, int embeddingTokens, int room)
    {
        // What stands behind the last comma of a full chunk may move on to the next one.
        int filled = Math.Max(1, text.Contains(',', StringComparison.Ordinal) ? room + 1 - PromptChunker.StandardBacktrack : room);
        int breaks = text.Contains(PromptPiece.Break.Text, StringComparison.Ordinal) ? PromptAttention.Parse(text).Count(piece => piece.IsBreak) : 0;
        return breaks + 1 + (Encoding.UTF8.GetByteCount(text) + embeddingTokens) / filled;
    }
}

using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Server.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Validation;

/// <summary>A request that is right: what the engine is asked, and how the caller wants the answer.</summary>
/// <param name="Request">Complete; nothing re-validates it.</param>
/// <param name="Warnings">Whatever was changed about it.</param>
/// <param name="Return">Pictures in the answer, or their addresses.</param>
/// <param name="Bytes">The format of an answer that is the picture itself; null: JSON.</param>
/// <param name="Pictures">What came with the request and is to be kept for its job: the picture, then the mask. Until then the request has no ids for them.</param>
internal sealed record GenerationOrder(
    GenerationRequest Request, IReadOnlyList<string> Warnings, ReturnMode Return, PictureFormat? Bytes, IReadOnlyList<SentPicture> Pictures);

/// <summary>What validation finds: an order or the problem that is answered instead.</summary>
internal readonly record struct Validated(GenerationOrder? Order, Problem? Problem)
{
    public static implicit operator Validated(GenerationOrder order) => new(order, null);

    public static implicit operator Validated(Problem problem) => new(null, problem);
}

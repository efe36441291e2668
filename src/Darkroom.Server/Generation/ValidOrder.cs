using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>An order that is right: what the engine is asked, and what is told with the answer. Nothing validates it again.</summary>
/// <param name="Request">Complete but for the caller and the ids of its pictures, which come with its job.</param>
/// <param name="Warnings">Whatever was changed about it.</param>
/// <param name="Return">Pictures in the answer, or their addresses.</param>
/// <param name="Pictures">
/// What came with the order and is to be kept for its job: the picture, then the mask, then what ControlNets are shown, then what is made again.
/// </param>
internal sealed record ValidOrder(GenerationRequest Request, IReadOnlyList<string> Warnings, ReturnMode Return, IReadOnlyList<SentPicture> Pictures)
{
    /// <summary>Holds the memory that it arrived in; null where it did not arrive.</summary>
    public InputReservation? Arrival { get; init; }
}

/// <summary>What validation finds: a valid order, or the failure with every fault at once.</summary>
internal readonly record struct Validated(ValidOrder? Order, Failure? Failure)
{
    public static implicit operator Validated(ValidOrder order) => new(order, null);

    public static implicit operator Validated(Failure failure) => new(null, failure);
}

using Darkroom.Models.Autoencoders;
using Darkroom.Models.ControlNets;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Networks that a request may have beside its model, as far as a server has them.</summary>
/// <param name="ControlNets">Null: it has none.</param>
/// <param name="Autoencoders">Null: it has none.</param>
internal sealed record AddedParts(IControlNetDirectory? ControlNets = null, IAutoencoderDirectory? Autoencoders = null);

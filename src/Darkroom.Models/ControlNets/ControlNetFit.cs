using Darkroom.Models.Catalog;

namespace Darkroom.Models.ControlNets;

/// <summary>Whether a ControlNet is for a model, as far as its files tell without being opened.</summary>
public static class ControlNetFit
{
    /// <summary>Why it is not, as a predicate of the ControlNet; null where nothing speaks against it.</summary>
    public static string? Misfit(ControlNetDescription net, ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(model);
        return net.TextWidth is { } width && model.TextWidth is { } own && width != own
            ? $"reads texts of {width} channels and model '{model.Id}' makes them of {own}" : null;
    }
}

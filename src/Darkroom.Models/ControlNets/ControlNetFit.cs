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
        return net switch
        {
            { TextWidth: { } width } when model.TextWidth is { } own && width != own =>
                $"reads texts of {width} channels{(net.Base is { } of ? $", as {of}," : "")} and model '{model.Id}' makes them of {own}",
            { TextWidth: null, Base: { } of } when of != model.Family => $"is for {of}, and model '{model.Id}' is {model.Family}",
            _ => null,
        };
    }
}

using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The ControlNets of a request, as far as they are there and fit its model.</summary>
internal static class ControlRules
{
    /// <summary>What the engine is asked, ids of the pictures still to come; null: none.</summary>
    public static IReadOnlyList<ControlOrder>? Of(FieldValues values, ModelDescription model, IControlNetDirectory? nets, FaultList faults)
    {
        if (!values.TryGet(Fields.Controls, out var sent)) return null;
        for (var i = 0; i < sent!.Count; i++) Check(sent[i], i, model, nets, faults);
        return [.. sent.Select(control => new ControlOrder
        {
            Model = control.Choice.Model,
            Picture = new InputPicture("", control.Picture.Width, control.Picture.Height),
            Weight = control.Choice.Weight,
            Start = control.Choice.Start,
            End = control.Choice.End,
            Guess = control.Choice.Guess,
        })];
    }

    /// <summary>Their pictures, in their order.</summary>
    public static IEnumerable<SentPicture> PicturesOf(FieldValues values) => values.TryGet(Fields.Controls, out var sent)
        ? sent!.Select((control, index) => new SentPicture(Fields.Controls.ImageOf(index), control.Picture))
        : [];

    private static void Check(SentControl control, int index, ModelDescription model, IControlNetDirectory? nets, FaultList faults)
    {
        var (id, found) = (control.Choice.Model, nets?.Find(control.Choice.Model));
        var reason = found switch
        {
            null => $"There is no ControlNet '{id}'.",
            { Fault: { } fault } => $"ControlNet '{id}' cannot be used: {fault}.",
            _ => ControlNetFit.Misfit(found, model) is { } misfit ? $"ControlNet '{id}' {misfit}." : null,
        };
        if (reason is not null)
            faults.Add(new Fault($"{Fields.Controls.Name}.{index}.model", reason, null, string.Join(", ", nets?.All.Select(one => one.Id) ?? [])));
        if (control.Choice.Start > control.Choice.End)
            faults.Add(new Fault($"{Fields.Controls.Name}.{index}.end", $"{Fields.Controls.Name}.{index}.end must not be below start.", null, "start…1"));
    }
}

using Darkroom.Server.Automatic1111.Styles;
using Darkroom.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>AUTOMATIC1111's file of styles, where there is one.</summary>
internal sealed class StylesCheck(DarkroomSettings settings) : IDoctorCheck
{
    public string Name => "styles";

    public IEnumerable<Finding> Run()
    {
        var path = settings.StylesPath ?? Path.Combine(settings.ModelsPath, StyleFile.Name);
        if (!settings.HasAutomatic1111 || (settings.StylesPath is null && !File.Exists(path))) yield break;
        var styles = new StyleBook(path, settings.StylesPath is not null, NullLogger<StyleBook>.Instance).Current();
        yield return new(styles.Fault is null, styles.Fault is { } fault ? $"{path}: {fault}" : $"{styles.All.Count} styles in {path}");
    }
}

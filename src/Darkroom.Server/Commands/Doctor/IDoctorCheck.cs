namespace Darkroom.Server.Commands.Doctor;

/// <summary>One thing that can be wrong. A check never throws for what it looks for.</summary>
internal interface IDoctorCheck
{
    string Name { get; }

    IEnumerable<Finding> Run();
}

/// <param name="IsGood">Whether all is well.</param>
/// <param name="Text">A sentence for a person: what is, and where it is wrong, what to do.</param>
internal sealed record Finding(bool IsGood, string Text);

namespace Darkroom.Server.Problems;

/// <summary>How a surface tells problems at its own addresses, those too that arise before its endpoints. Everywhere else they are problem documents.</summary>
internal interface IProblemForm
{
    /// <summary>Whether an address is the surface's.</summary>
    bool Has(PathString path);

    /// <summary>Writes the problem as the whole answer.</summary>
    Task WriteAsync(HttpContext context, Problem problem);
}

namespace NetGen.CodeFixes;

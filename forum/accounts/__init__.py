"""Staff accounts: sign in, sign out, roles. Entered by staff; accounts are made by administrators.

Owns: Account, StaffSession, SignInFailure.
"""
